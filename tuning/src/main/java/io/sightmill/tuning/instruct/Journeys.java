package io.sightmill.tuning.instruct;

import static io.sightmill.tuning.captions.English.capital;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.Direction;
import io.sightmill.tuning.captions.Thing;
import io.sightmill.tuning.instruct.Mention.Trait;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Where things are from one another, thought about. */
final class Journeys {

    /** By how much the first of all must be ahead of the second. */
    private static final double CLEARLY = 0.06;

    private Journeys() {}

    static Optional<Exchange> direction(Picture picture, Dice dice) {
        Thing from = dice.pick(picture.things());
        Thing to = dice.pick(picture.things());
        Mention mention = new Mention(picture, dice);
        Optional<String> start = mention.of(from, Trait.PLACE);
        Optional<String> end = mention.of(to, Trait.PLACE);
        Optional<Direction> direction = Direction.of(to.box(), from.box());
        if (direction.isEmpty() || start.isEmpty() || end.isEmpty()) {
            return Optional.empty();
        }
        String question =
                dice.pick(
                                "In which direction would you move to get from %s to %s?",
                                "Which way is it from %s to %s?")
                        .formatted(start.get(), end.get());
        String answer =
                "%s: %s is %s %s."
                        .formatted(
                                capital(way(direction.get())),
                                end.get(),
                                direction.get().preposition(),
                                start.get());
        return Optional.of(new Exchange(question, answer));
    }

    private static String way(Direction direction) {
        return switch (direction) {
            case LEFT -> "to the left";
            case RIGHT -> "to the right";
            case ABOVE -> "up";
            case BELOW -> "down";
        };
    }

    static Optional<Exchange> furthest(Picture picture, Dice dice) {
        Direction direction = dice.pick(Direction.values());
        ToDoubleFunction<Box> distance =
                switch (direction) {
                    case LEFT -> Box::centerX;
                    case RIGHT -> box -> -box.centerX();
                    case ABOVE -> Box::centerY;
                    case BELOW -> box -> -box.centerY();
                };
        String end =
                switch (direction) {
                    case LEFT -> "furthest to the left";
                    case RIGHT -> "furthest to the right";
                    case ABOVE -> "closest to the top";
                    case BELOW -> "closest to the bottom";
                };
        return first(picture, picture.things(), thing -> distance.applyAsDouble(thing.box()), dice)
                .map(
                        name ->
                                new Exchange(
                                        dice.pick("Which thing is %s?", "What is %s?")
                                                .formatted(end),
                                        "%s: nothing else is as %s."
                                                .formatted(
                                                        capital(name),
                                                        end.replace("furthest", "far")
                                                                .replace("closest", "close"))));
    }

    static Optional<Exchange> nearest(Picture picture, Dice dice) {
        Thing from = dice.pick(picture.things());
        List<Thing> others = picture.things().stream().filter(thing -> thing != from).toList();
        Optional<String> start = new Mention(picture, dice).of(from, Trait.PLACE);
        if (others.size() < 2 || start.isEmpty()) {
            return Optional.empty();
        }
        return first(picture, others, thing -> distance(thing.box(), from.box()), dice)
                .map(
                        name ->
                                new Exchange(
                                        dice.pick(
                                                        "Which thing is closest to %s?",
                                                        "What is the nearest thing to %s?")
                                                .formatted(start.get()),
                                        "%s: everything else is further away from %s."
                                                .formatted(capital(name), start.get())));
    }

    private static double distance(Box one, Box other) {
        double dx = one.centerX() - other.centerX();
        double dy = one.centerY() - other.centerY();
        return Math.sqrt(dx * dx + dy * dy);
    }

    /** The one that is first beyond doubt, in words. */
    private static Optional<String> first(
            Picture picture, List<Thing> things, ToDoubleFunction<Thing> order, Dice dice) {
        List<Thing> sorted = things.stream().sorted(Comparator.comparingDouble(order)).toList();
        if (sorted.size() < 2
                || order.applyAsDouble(sorted.get(1)) - order.applyAsDouble(sorted.get(0))
                        < CLEARLY) {
            return Optional.empty();
        }
        return new Mention(picture, dice).byName(sorted.get(0));
    }
}
