package io.sightmill.tuning.instruct;

import static io.sightmill.tuning.captions.English.capital;
import static io.sightmill.tuning.captions.English.number;
import static io.sightmill.tuning.instruct.Reasoning.isOrAre;
import static io.sightmill.tuning.instruct.Reasoning.shapes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which is more, which is larger, whether two are alike. */
final class Comparisons {

    private Comparisons() {}

    static Optional<Exchange> ofNumbers(Picture picture, Dice dice) {
        Shape one = dice.pick(picture.shapes()).shape();
        Shape other = dice.pick(picture.shapes()).shape();
        if (one == other) {
            return Optional.empty();
        }
        int first = count(picture, one);
        int second = count(picture, other);
        String question =
                dice.pick("Are there more %s than %s?", "Does the picture have more %s than %s?")
                        .formatted(one.plural(), other.plural());
        String answer =
                "%s: there %s %s %s and %s %s."
                        .formatted(
                                first > second ? "Yes" : "No",
                                isOrAre(first),
                                number(first),
                                name(one, first),
                                number(second),
                                name(other, second));
        return Optional.of(new Exchange(question, answer));
    }

    private static int count(Picture picture, Shape shape) {
        return (int) picture.count(one -> one.shape() == shape);
    }

    private static String name(Shape shape, int count) {
        return count == 1 ? shape.word() : shape.plural();
    }

    static Optional<Exchange> ofSizes(Picture picture, Dice dice) {
        DrawnShape one = dice.pick(picture.shapes());
        DrawnShape other = dice.pick(picture.shapes());
        Mention mention = new Mention(picture, dice);
        Optional<String> first = mention.byName(one);
        Optional<String> second = mention.byName(other);
        if (one.size() == other.size() || first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        boolean isFirstLarger = one.size().compareTo(other.size()) > 0;
        String larger = (isFirstLarger ? first : second).get();
        String smaller = (isFirstLarger ? second : first).get();
        boolean asksForLarger = dice.chance(0.5);
        String question =
                "Which of the two is %s, %s or %s, and why?"
                        .formatted(asksForLarger ? "larger" : "smaller", first.get(), second.get());
        String answer =
                "%s: %s is large and %s is small."
                        .formatted(capital(asksForLarger ? larger : smaller), larger, smaller);
        return Optional.of(new Exchange(question, answer));
    }

    static Optional<Exchange> ofColours(Picture picture, Dice dice) {
        DrawnShape one = dice.pick(picture.shapes());
        DrawnShape other = dice.pick(picture.shapes());
        Mention mention = new Mention(picture, dice);
        Optional<String> first = mention.of(one, Mention.Trait.COLOUR);
        Optional<String> second = mention.of(other, Mention.Trait.COLOUR);
        if (one == other || first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        String question =
                dice.pick("Do %s and %s have the same color?", "Are %s and %s of the same color?")
                        .formatted(first.get(), second.get());
        String answer =
                one.colour() == other.colour()
                        ? "Yes: both are %s.".formatted(one.colour().word())
                        : "No: %s is %s and %s is %s."
                                .formatted(
                                        first.get(),
                                        one.colour().word(),
                                        second.get(),
                                        other.colour().word());
        return Optional.of(new Exchange(question, answer));
    }

    static Optional<Exchange> mostCommonColour(Picture picture, Dice dice) {
        int most = 1;
        List<Colour> winners = new ArrayList<>();
        for (Colour colour : Colour.values()) {
            int count = (int) picture.count(shape -> shape.colour() == colour);
            if (count > most) {
                winners.clear();
                most = count;
            }
            if (count == most && most > 1) {
                winners.add(colour);
            }
        }
        if (winners.size() != 1) {
            return Optional.empty();
        }
        String question =
                dice.pick(
                        "Which color do more shapes have than any other?",
                        "Which color is the most common among the shapes?");
        String answer =
                "%s: %s of %s are %s."
                        .formatted(
                                capital(winners.get(0).word()),
                                number(most),
                                shapes(picture.shapes().size()),
                                winners.get(0).word());
        return Optional.of(new Exchange(question, answer));
    }
}
