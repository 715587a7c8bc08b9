package io.sightmill.tuning.captions;

import java.util.Optional;

/** Where one thing is, seen from another. */
public enum Direction {
    LEFT("to the left of"),
    RIGHT("to the right of"),
    ABOVE("above"),
    BELOW("below");

    /** How much further apart two centres must be in this direction than in the other. */
    private static final double CLEARLY = 1.8;

    private static final double LEAST_DISTANCE = 0.2;

    private final String preposition;

    Direction(String preposition) {
        this.preposition = preposition;
    }

    public String word() {
        return Words.of(this);
    }

    /** As in "a star above a circle". */
    public String preposition() {
        return preposition;
    }

    public Direction opposite() {
        return switch (this) {
            case LEFT -> RIGHT;
            case RIGHT -> LEFT;
            case ABOVE -> BELOW;
            case BELOW -> ABOVE;
        };
    }

    /** Where {@code one} is from {@code other}; empty where two people could say two things. */
    public static Optional<Direction> of(Box one, Box other) {
        double dx = one.centerX() - other.centerX();
        double dy = one.centerY() - other.centerY();
        if (Math.abs(dx) >= LEAST_DISTANCE && Math.abs(dx) >= CLEARLY * Math.abs(dy)) {
            return Optional.of(dx < 0 ? LEFT : RIGHT);
        }
        if (Math.abs(dy) >= LEAST_DISTANCE && Math.abs(dy) >= CLEARLY * Math.abs(dx)) {
            return Optional.of(dy < 0 ? ABOVE : BELOW);
        }
        return Optional.empty();
    }
}
