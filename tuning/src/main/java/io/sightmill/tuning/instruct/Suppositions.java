package io.sightmill.tuning.instruct;

import static io.sightmill.tuning.captions.English.capital;
import static io.sightmill.tuning.captions.English.number;
import static io.sightmill.tuning.instruct.Reasoning.isOrAre;
import static io.sightmill.tuning.instruct.Reasoning.shapes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Place;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.instruct.Mention.Trait;
import java.util.Optional;

/** What would be, were the picture another. */
final class Suppositions {

    private Suppositions() {}

    static Optional<Exchange> takenAway(Picture picture, Dice dice) {
        int all = picture.shapes().size();
        DrawnShape shape = dice.pick(picture.shapes());
        Optional<String> words = new Mention(picture, dice).of(shape);
        if (all < 2 || words.isEmpty()) {
            return Optional.empty();
        }
        String question =
                dice.pick(
                                "If %s were taken away, how many shapes would be left?",
                                "How many shapes would remain without %s?")
                        .formatted(words.get());
        String answer =
                "%s: there %s %s, and one of them would be gone."
                        .formatted(capital(number(all - 1)), isOrAre(all), shapes(all));
        return Optional.of(new Exchange(question, answer));
    }

    static Optional<Exchange> added(Picture picture, Dice dice) {
        Shape shape = dice.pick(picture.shapes()).shape();
        int count = (int) picture.count(one -> one.shape() == shape);
        int more = dice.within(1, 3);
        String question =
                "If %s more %s added, how many %s would there be?"
                        .formatted(
                                number(more),
                                more == 1 ? shape.word() + " was" : shape.plural() + " were",
                                shape.plural());
        String answer =
                "%s: there %s %s now, and %s more would come."
                        .formatted(
                                capital(number(count + more)),
                                isOrAre(count),
                                number(count),
                                number(more));
        return Optional.of(new Exchange(question, answer));
    }

    static Optional<Exchange> painted(Picture picture, Dice dice) {
        DrawnShape shape = dice.pick(picture.shapes());
        Colour colour = dice.pick(picture.shapes()).colour();
        Optional<String> words = new Mention(picture, dice).byName(shape);
        if (colour == shape.colour() || words.isEmpty()) {
            return Optional.empty();
        }
        int count = (int) picture.count(one -> one.colour() == colour);
        String question =
                "If %s were painted %s, how many %s shapes would there be?"
                        .formatted(words.get(), colour.word(), colour.word());
        String answer =
                "%s: %s %s %s now, and one more would be."
                        .formatted(
                                capital(number(count + 1)),
                                number(count),
                                isOrAre(count),
                                colour.word());
        return Optional.of(new Exchange(question, answer));
    }

    static Optional<Exchange> mirrored(Picture picture, Dice dice) {
        Thing thing = dice.pick(picture.things());
        Optional<String> words = new Mention(picture, dice).of(thing, Trait.PLACE);
        Optional<Place> place = Place.of(thing.box());
        if (words.isEmpty() || place.isEmpty()) {
            return Optional.empty();
        }
        boolean isMirrored = dice.chance(0.5);
        String question =
                (isMirrored
                                ? "If the picture were mirrored left to right, where would %s be?"
                                : "If the picture were mirrored top to bottom, where would %s be?")
                        .formatted(words.get());
        Place then = isMirrored ? place.get().mirrored() : place.get().flipped();
        String answer =
                "%s: it is %s now, and %s would change places."
                        .formatted(
                                capital(then.phrase()),
                                place.get().phrase(),
                                isMirrored ? "left and right" : "top and bottom");
        return Optional.of(new Exchange(question, answer));
    }
}
