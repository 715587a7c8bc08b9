package io.sightmill.tuning.captions;

import java.util.Optional;

/** The nine parts of a picture, with bands between them that belong to none. */
public enum Place {
    TOP_LEFT("top left"),
    TOP("top"),
    TOP_RIGHT("top right"),
    LEFT("left"),
    CENTER("center"),
    RIGHT("right"),
    BOTTOM_LEFT("bottom left"),
    BOTTOM("bottom"),
    BOTTOM_RIGHT("bottom right");

    private static final double FIRST_END = 0.36;
    private static final double MIDDLE_BEGIN = 0.42;
    private static final double MIDDLE_END = 0.58;
    private static final double LAST_BEGIN = 0.64;

    private final String words;

    Place(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /** As in "a star in the top left corner". */
    public String phrase() {
        return switch (this) {
            case TOP, BOTTOM -> "at the " + words;
            case LEFT, RIGHT -> "on the " + words;
            case CENTER -> "in the " + words;
            default -> "in the " + words + " corner";
        };
    }

    /** Seen in a mirror beside the picture. */
    public Place mirrored() {
        return values()[ordinal() / 3 * 3 + 2 - ordinal() % 3];
    }

    /** With the picture upside down. */
    public Place flipped() {
        return values()[(2 - ordinal() / 3) * 3 + ordinal() % 3];
    }

    /** Where a box's centre is; empty where two people could say two things. */
    public static Optional<Place> of(Box box) {
        int column = third(box.centerX());
        int row = third(box.centerY());
        return column < 0 || row < 0 ? Optional.empty() : Optional.of(values()[3 * row + column]);
    }

    private static int third(double position) {
        if (position <= FIRST_END) {
            return 0;
        }
        if (position >= LAST_BEGIN) {
            return 2;
        }
        return position >= MIDDLE_BEGIN && position <= MIDDLE_END ? 1 : -1;
    }
}
