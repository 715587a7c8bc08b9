package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.English;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Questions that have to be thought about: comparison, counting, relation, what if. An answer gives
 * the result first and then the reason.
 */
final class Reasoning {

    /** Asks one question; empty if the picture gives no occasion. */
    interface Riddle {

        Optional<Exchange> ask(Picture picture, Dice dice);
    }

    private static final int ROUNDS = 3;

    private static final List<Riddle> RIDDLES =
            List.of(
                    Comparisons::ofNumbers,
                    Comparisons::ofSizes,
                    Comparisons::ofColours,
                    Comparisons::mostCommonColour,
                    Tallies::others,
                    Tallies::colours,
                    Tallies::kinds,
                    Journeys::direction,
                    Journeys::furthest,
                    Journeys::nearest,
                    Suppositions::takenAway,
                    Suppositions::added,
                    Suppositions::painted,
                    Suppositions::mirrored);

    private Reasoning() {}

    /** There is a question for every picture. */
    static Exchange ask(Picture picture, Dice dice) {
        for (int round = 0; round < ROUNDS; round++) {
            List<Riddle> riddles = new ArrayList<>(RIDDLES);
            dice.shuffle(riddles);
            for (Riddle riddle : riddles) {
                Optional<Exchange> exchange = riddle.ask(picture, dice);
                if (exchange.isPresent()) {
                    return exchange.get();
                }
            }
        }
        return Tallies.kinds(picture, dice).orElseThrow();
    }

    /** "one shape" or "three shapes". */
    static String shapes(int count) {
        return English.number(count) + (count == 1 ? " shape" : " shapes");
    }

    static String isOrAre(int count) {
        return count == 1 ? "is" : "are";
    }
}
