package io.sightmill.tuning.instruct;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Direction;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.instruct.Mention.Trait;
import java.util.List;
import java.util.Optional;

/** Questions about where things are from one another. */
final class RelationQuestions {

    private RelationQuestions() {}

    /** Where one thing is from another, or what is on one side of a thing. */
    static Optional<Question> ask(Picture picture, Dice dice) {
        List<Thing> things = picture.things();
        Thing one = dice.pick(things);
        Thing other = dice.pick(things);
        Optional<Direction> direction = Direction.of(one.box(), other.box());
        if (direction.isEmpty()) {
            return Optional.empty();
        }
        return dice.chance(0.4)
                ? neighbour(picture, one, other, direction.get(), dice)
                : side(picture, one, other, direction.get(), dice);
    }

    private static Optional<Question> side(
            Picture picture, Thing one, Thing other, Direction direction, Dice dice) {
        Mention mention = new Mention(picture, dice);
        Optional<String> first = mention.of(one, Trait.PLACE);
        Optional<String> second = mention.of(other, Trait.PLACE);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        String text =
                dice.pick(
                                "Where is %s relative to %s?",
                                "Where is %s, seen from %s?",
                                "Is %s to the left, to the right, above or below %s?",
                                "In which direction is %s from %s?")
                        .formatted(first.get(), second.get());
        return Optional.of(new Question(Skill.RELATION, text, direction.word()));
    }

    private static Optional<Question> neighbour(
            Picture picture, Thing one, Thing other, Direction direction, Dice dice) {
        Mention mention = new Mention(picture, dice);
        Optional<String> answer = mention.byName(one);
        Optional<String> from = mention.of(other, Trait.PLACE);
        if (answer.isEmpty() || from.isEmpty() || !isOnlyOneThere(picture, one, other, direction)) {
            return Optional.empty();
        }
        String text =
                dice.pick("What is %s %s?", "Which thing is %s %s?", "What can you see %s %s?")
                        .formatted(direction.preposition(), from.get());
        return Optional.of(
                new Question(
                        Skill.RELATION, text, AttributeQuestions.withoutArticle(answer.get())));
    }

    /** Whether nothing else is on that side at all, not even askew. */
    private static boolean isOnlyOneThere(
            Picture picture, Thing one, Thing from, Direction direction) {
        return picture.things().stream()
                .filter(thing -> thing != one && thing != from)
                .noneMatch(thing -> isTowards(thing, from, direction));
    }

    private static boolean isTowards(Thing thing, Thing from, Direction direction) {
        double dx = thing.box().centerX() - from.box().centerX();
        double dy = thing.box().centerY() - from.box().centerY();
        return switch (direction) {
            case LEFT -> dx < 0;
            case RIGHT -> dx > 0;
            case ABOVE -> dy < 0;
            case BELOW -> dy > 0;
        };
    }
}
