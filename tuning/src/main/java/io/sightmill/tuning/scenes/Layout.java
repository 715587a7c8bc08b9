package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;
import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is where so far, and whether there is room for more: things stand apart, or one shape covers
 * a little of another, of which it has a different colour.
 */
final class Layout {

    private static final double APART = 0.012;

    /** Distance of two centres, as a share of half the sum of the longer sides. */
    private static final double LEAST_DISTANCE = 0.56;

    /** How often a place is looked for next to another shape, where shapes may cover each other. */
    private static final double TOUCHING_SHARE = 0.4;

    private record Placed(Box box, Colour colour, boolean isText) {}

    private final boolean allowsOverlap;
    private final List<Placed> placed = new ArrayList<>();

    Layout(boolean allowsOverlap) {
        this.allowsOverlap = allowsOverlap;
    }

    void add(Box box, Colour colour, boolean isText) {
        placed.add(new Placed(box, colour, isText));
    }

    /** Somewhere a shape of this side would cover another, or be covered; empty if none may. */
    Optional<double[]> besideAnother(double side, Dice dice) {
        List<Placed> shapes = placed.stream().filter(other -> !other.isText()).toList();
        if (!allowsOverlap || shapes.isEmpty() || !dice.chance(TOUCHING_SHARE)) {
            return Optional.empty();
        }
        Box other = dice.pick(shapes).box();
        double reach = (side + Math.max(other.width(), other.height())) / 2;
        double distance = reach * dice.between(LEAST_DISTANCE, 0.95);
        double angle = dice.between(0, 2 * StrictMath.PI);
        return Optional.of(
                new double[] {
                    other.centerX() + distance * StrictMath.cos(angle),
                    other.centerY() + distance * StrictMath.sin(angle)
                });
    }

    /** Whether a shape may be there. */
    boolean hasRoom(Box box, Colour colour) {
        int covered = 0;
        for (Placed other : placed) {
            if (!meet(box, other.box())) {
                continue;
            }
            covered++;
            if (!allowsOverlap
                    || covered > 1
                    || other.isText()
                    || other.colour() == colour
                    || isTooClose(box, other.box())) {
                return false;
            }
        }
        return true;
    }

    private static boolean meet(Box one, Box other) {
        return one.left() < other.right() + APART
                && other.left() < one.right() + APART
                && one.top() < other.bottom() + APART
                && other.top() < one.bottom() + APART;
    }

    private static boolean isTooClose(Box one, Box other) {
        double dx = one.centerX() - other.centerX();
        double dy = one.centerY() - other.centerY();
        double reach =
                (Math.max(one.width(), one.height()) + Math.max(other.width(), other.height())) / 2;
        return dx * dx + dy * dy < LEAST_DISTANCE * LEAST_DISTANCE * reach * reach;
    }
}
