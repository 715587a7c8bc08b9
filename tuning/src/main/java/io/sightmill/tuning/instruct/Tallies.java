package io.sightmill.tuning.instruct;

import static io.sightmill.tuning.captions.English.capital;
import static io.sightmill.tuning.captions.English.list;
import static io.sightmill.tuning.captions.English.number;
import static io.sightmill.tuning.instruct.Reasoning.isOrAre;
import static io.sightmill.tuning.instruct.Reasoning.shapes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.English;
import io.sightmill.tuning.captions.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Counting in two steps. */
final class Tallies {

    private Tallies() {}

    static Optional<Exchange> others(Picture picture, Dice dice) {
        Colour colour = dice.pick(picture.shapes()).colour();
        int all = picture.shapes().size();
        int such = (int) picture.count(shape -> shape.colour() == colour);
        int others = all - such;
        if (others == 0) {
            return Optional.empty();
        }
        String question =
                dice.pick("How many shapes are not %s?", "How many of the shapes are not %s?")
                        .formatted(colour.word());
        String answer =
                "%s: there %s %s, and %s of them %s %s."
                        .formatted(
                                capital(number(others)),
                                isOrAre(all),
                                shapes(all),
                                number(such),
                                isOrAre(such),
                                colour.word());
        return Optional.of(new Exchange(question, answer));
    }

    static Optional<Exchange> colours(Picture picture, Dice dice) {
        List<String> colours = new ArrayList<>();
        for (Colour colour : Colour.values()) {
            if (picture.count(shape -> shape.colour() == colour) > 0) {
                colours.add(colour.word());
            }
        }
        String question =
                dice.pick(
                        "How many different colors do the shapes have?",
                        "In how many colors are the shapes drawn?");
        return Optional.of(
                new Exchange(
                        question,
                        "%s: %s.".formatted(capital(number(colours.size())), list(colours))));
    }

    static Optional<Exchange> kinds(Picture picture, Dice dice) {
        List<String> kinds = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            int count = (int) picture.count(one -> one.shape() == shape);
            if (count > 0) {
                kinds.add(English.counted(count, shape.word(), shape.plural()));
            }
        }
        String question =
                dice.pick(
                        "How many kinds of shapes are there, and how many of each?",
                        "How many different kinds of shapes can be seen?");
        return Optional.of(
                new Exchange(
                        question, "%s: %s.".formatted(capital(number(kinds.size())), list(kinds))));
    }
}
