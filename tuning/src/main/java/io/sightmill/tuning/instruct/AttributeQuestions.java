package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Place;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.captions.WrittenText;
import io.sightmill.tuning.instruct.Mention.Trait;
import java.util.List;
import java.util.Optional;

/** Questions about one thing: colour, shape, size, texture, place, what is written. */
final class AttributeQuestions {

    private static final List<String> COLOURS =
            List.of(
                    "What color is %s?",
                    "What colour is %s?",
                    "What is the color of %s?",
                    "Which color does %s have?",
                    "Tell me the color of %s.",
                    "In what color is %s drawn?");

    private static final List<String> SHAPES =
            List.of(
                    "What shape is %s?",
                    "What is the shape of %s?",
                    "Which shape does %s have?",
                    "What kind of shape is %s?",
                    "Tell me the shape of %s.");

    private static final List<String> SIZES =
            List.of(
                    "What size is %s?",
                    "Is %s small or large?",
                    "Is %s large or small?",
                    "How big is %s?",
                    "What is the size of %s?");

    private static final List<String> TEXTURES =
            List.of(
                    "What pattern does %s have?",
                    "Is %s plain, striped or dotted?",
                    "What is the texture of %s?",
                    "How is the surface of %s?");

    private static final List<String> PLACES =
            List.of(
                    "Where is %s?",
                    "Where in the picture is %s?",
                    "In which part of the picture is %s?",
                    "What is the position of %s?",
                    "Where can I find %s?");

    private static final List<String> DIGITS =
            List.of(
                    "What digit is in the picture?",
                    "Which digit can you read?",
                    "What digit is shown?",
                    "Read the digit.",
                    "Which number is written in the picture?");

    private static final List<String> WORDS =
            List.of(
                    "What word is in the picture?",
                    "Which word can you read?",
                    "What word is shown?",
                    "Read the word.",
                    "What does the text say?");

    private static final List<String> BACKGROUNDS =
            List.of(
                    "Is the background light, grey or dark?",
                    "How bright is the background?",
                    "What is the background like?");

    private AttributeQuestions() {}

    static Optional<Question> colour(Picture picture, Dice dice) {
        Thing thing = dice.pick(picture.things());
        return about(
                picture, thing, Skill.COLOUR, COLOURS, thing.colour().word(), dice, Trait.COLOUR);
    }

    static Optional<Question> shape(Picture picture, Dice dice) {
        DrawnShape shape = dice.pick(picture.shapes());
        // Where something is written, that is an object too.
        String noun = picture.text().isEmpty() && dice.chance(0.6) ? "object" : "shape";
        return new Mention(picture, dice, noun)
                .of(shape, Trait.SHAPE)
                .map(
                        words ->
                                new Question(
                                        Skill.SHAPE,
                                        dice.pick(SHAPES).formatted(words),
                                        shape.shape().word()));
    }

    /** Of one shape, or of two which is the larger one. */
    static Optional<Question> size(Picture picture, Dice dice) {
        DrawnShape shape = dice.pick(picture.shapes());
        DrawnShape other = dice.pick(picture.shapes());
        if (shape.size() != other.size() && dice.chance(0.5)) {
            return comparedSize(picture, shape, other, dice);
        }
        return about(picture, shape, Skill.SIZE, SIZES, shape.size().word(), dice, Trait.SIZE);
    }

    private static Optional<Question> comparedSize(
            Picture picture, DrawnShape one, DrawnShape other, Dice dice) {
        Mention mention = new Mention(picture, dice);
        Optional<String> first = mention.byName(one);
        Optional<String> second = mention.byName(other);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        boolean asksForLarger = dice.chance(0.5);
        boolean isFirst = one.size().compareTo(other.size()) > 0 == asksForLarger;
        String text =
                dice.pick("Which is %s, %s or %s?", "What is %s: %s or %s?")
                        .formatted(asksForLarger ? "larger" : "smaller", first.get(), second.get());
        return Optional.of(
                new Question(Skill.SIZE, text, withoutArticle((isFirst ? first : second).get())));
    }

    static Optional<Question> texture(Picture picture, Dice dice) {
        DrawnShape shape = dice.pick(picture.shapes());
        return shape.shape().isBroad()
                ? about(
                        picture,
                        shape,
                        Skill.TEXTURE,
                        TEXTURES,
                        shape.texture().word(),
                        dice,
                        Trait.TEXTURE)
                : Optional.empty();
    }

    static Optional<Question> position(Picture picture, Dice dice) {
        Thing thing = dice.pick(picture.things());
        return Place.of(thing.box())
                .flatMap(
                        place ->
                                about(
                                        picture,
                                        thing,
                                        Skill.POSITION,
                                        PLACES,
                                        place.words(),
                                        dice,
                                        Trait.PLACE));
    }

    static Optional<Question> digit(Picture picture, Dice dice) {
        return picture.text()
                .filter(WrittenText::isDigit)
                .map(text -> new Question(Skill.DIGIT, dice.pick(DIGITS), text.text()));
    }

    static Optional<Question> word(Picture picture, Dice dice) {
        return picture.text()
                .filter(text -> !text.isDigit())
                .map(text -> new Question(Skill.WORD, dice.pick(WORDS), text.text()));
    }

    static Optional<Question> background(Picture picture, Dice dice) {
        return picture.tone()
                .map(tone -> new Question(Skill.BACKGROUND, dice.pick(BACKGROUNDS), tone.word()));
    }

    private static Optional<Question> about(
            Picture picture,
            Thing thing,
            Skill skill,
            List<String> wordings,
            String answer,
            Dice dice,
            Trait silent) {
        return new Mention(picture, dice)
                .of(thing, silent)
                .map(words -> new Question(skill, dice.pick(wordings).formatted(words), answer));
    }

    static String withoutArticle(String words) {
        return words.startsWith("the ") ? words.substring(4) : words;
    }
}
