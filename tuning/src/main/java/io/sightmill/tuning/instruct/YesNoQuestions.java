package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.Direction;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.English;
import io.sightmill.tuning.captions.Place;
import io.sightmill.tuning.captions.Shape;
import io.sightmill.tuning.captions.Size;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.instruct.Mention.Trait;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Questions for yes or no. Which of the two it shall be is decided first, so that both are equally
 * often right; a no is near the truth: the colour of one shape with the form of another.
 */
final class YesNoQuestions {

    private static final List<String> EXISTENCE =
            List.of(
                    "Is there %s?",
                    "Is there %s in the picture?", "Can you see %s?", "Does the picture show %s?");

    private final Picture picture;
    private final Mention mention;
    private final Dice dice;
    private final boolean truth;

    private YesNoQuestions(Picture picture, Dice dice) {
        this.picture = picture;
        this.mention = new Mention(picture, dice);
        this.dice = dice;
        this.truth = dice.chance(0.5);
    }

    static Optional<Question> ask(Picture picture, Dice dice) {
        YesNoQuestions questions = new YesNoQuestions(picture, dice);
        return switch (dice.below(9)) {
            case 0 -> questions.shapeExists();
            case 1, 2 -> questions.colouredShapeExists();
            case 3 -> questions.anythingOfColour();
            case 4 -> questions.hasColour();
            case 5 -> questions.count();
            case 6 -> questions.relation();
            case 7 -> questions.hasSize();
            default -> questions.hasPlace();
        };
    }

    private Optional<Question> question(String text) {
        return Optional.of(new Question(Skill.YES_NO, text, truth ? "yes" : "no"));
    }

    private Optional<Question> shapeExists() {
        Shape shape = truth ? dice.pick(picture.shapes()).shape() : dice.pick(Shape.values());
        return isThere(shape) == truth
                ? question(dice.pick(EXISTENCE).formatted(English.indefinite(shape.word())))
                : Optional.empty();
    }

    private boolean isThere(Shape shape) {
        return picture.count(one -> one.shape() == shape) > 0;
    }

    private Optional<Question> colouredShapeExists() {
        DrawnShape one = dice.pick(picture.shapes());
        Colour colour = one.colour();
        Shape shape = one.shape();
        if (!truth) {
            DrawnShape other = dice.pick(picture.shapes());
            boolean keepsShape = dice.chance(0.5);
            colour = keepsShape ? falseColour(one, other) : colour;
            shape = keepsShape ? shape : falseShape(one, other);
        }
        boolean isThere = isThere(colour, shape);
        String name = English.indefinite(colour.word() + " " + shape.word());
        return isThere == truth ? question(dice.pick(EXISTENCE).formatted(name)) : Optional.empty();
    }

    private Colour falseColour(DrawnShape one, DrawnShape other) {
        return other.colour() == one.colour() ? dice.pick(Colour.values()) : other.colour();
    }

    private Shape falseShape(DrawnShape one, DrawnShape other) {
        return other.shape() == one.shape() ? dice.pick(Shape.values()) : other.shape();
    }

    private boolean isThere(Colour colour, Shape shape) {
        return picture.count(one -> one.colour() == colour && one.shape() == shape) > 0;
    }

    private Optional<Question> anythingOfColour() {
        Colour colour = truth ? dice.pick(picture.things()).colour() : dice.pick(Colour.values());
        boolean isThere = picture.things().stream().anyMatch(thing -> thing.colour() == colour);
        return isThere == truth
                ? question(dice.pick(EXISTENCE).formatted("anything " + colour.word()))
                : Optional.empty();
    }

    private Optional<Question> hasColour() {
        Thing thing = dice.pick(picture.things());
        Colour colour = truth ? thing.colour() : dice.pick(Arrays.asList(Colour.values()));
        return (colour == thing.colour()) == truth
                ? mention.of(thing, Trait.COLOUR)
                        .flatMap(words -> question("Is %s %s?".formatted(words, colour.word())))
                : Optional.empty();
    }

    private Optional<Question> count() {
        CountQuestions.Group group = dice.pick(CountQuestions.groups(picture));
        int size = truth ? group.size() : group.size() + (dice.chance(0.5) ? 1 : -1);
        if (size < 2) {
            return Optional.empty();
        }
        // Where there are five, four can be found.
        boolean isFewer = size < group.size();
        return question(
                (isFewer || dice.chance(0.5) ? "Are there exactly %s %s?" : "Are there %s %s?")
                        .formatted(English.number(size), group.plural()));
    }

    private Optional<Question> relation() {
        Thing one = dice.pick(picture.things());
        Thing other = dice.pick(picture.things());
        Optional<Direction> direction = Direction.of(one.box(), other.box());
        Optional<String> first = mention.of(one, Trait.PLACE);
        Optional<String> second = mention.of(other, Trait.PLACE);
        if (direction.isEmpty() || first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        Direction asked = truth ? direction.get() : direction.get().opposite();
        return question("Is %s %s %s?".formatted(first.get(), asked.preposition(), second.get()));
    }

    private Optional<Question> hasSize() {
        DrawnShape shape = dice.pick(picture.shapes());
        boolean isLarge = shape.size() == Size.LARGE;
        return mention.of(shape, Trait.SIZE)
                .flatMap(
                        words ->
                                question(
                                        "Is %s %s?"
                                                .formatted(
                                                        words,
                                                        isLarge == truth ? "large" : "small")));
    }

    private Optional<Question> hasPlace() {
        Thing thing = dice.pick(picture.things());
        Optional<Place> place = Place.of(thing.box());
        Optional<String> words = mention.of(thing, Trait.PLACE);
        if (place.isEmpty() || words.isEmpty()) {
            return Optional.empty();
        }
        Place asked = truth ? place.get() : dice.pick(Place.values());
        return (asked == place.get()) == truth
                ? question("Is %s %s?".formatted(words.get(), asked.phrase()))
                : Optional.empty();
    }
}
