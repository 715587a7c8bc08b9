package io.sightmill.llava;

/**
 * How a picture was held when it was taken: the eight values of Exif's and TIFF's tag 274.
 *
 * <p>Each says where the stored image's first row and first column are in the upright one.
 */
enum Orientation {
    TOP_LEFT(false, false, false),
    TOP_RIGHT(false, true, false),
    BOTTOM_RIGHT(false, true, true),
    BOTTOM_LEFT(false, false, true),
    LEFT_TOP(true, false, false),
    RIGHT_TOP(true, true, false),
    RIGHT_BOTTOM(true, true, true),
    LEFT_BOTTOM(true, false, true);

    private final boolean isTransposed;
    private final boolean isMirrored;
    private final boolean isFlipped;

    Orientation(boolean isTransposed, boolean isMirrored, boolean isFlipped) {
        this.isTransposed = isTransposed;
        this.isMirrored = isMirrored;
        this.isFlipped = isFlipped;
    }

    /** The tag's value; one that is not 1 to 8 says nothing and leaves the image as it is. */
    static Orientation of(int value) {
        return value >= 1 && value <= 8 ? values()[value - 1] : TOP_LEFT;
    }

    /** Whether rows become columns. */
    boolean isTransposed() {
        return isTransposed;
    }

    /** Whether, after that, left and right change places. */
    boolean isMirrored() {
        return isMirrored;
    }

    /** Whether, after that, top and bottom change places. */
    boolean isFlipped() {
        return isFlipped;
    }

    /** The upright image. */
    RgbRows upright(RgbRows stored) {
        if (this == TOP_LEFT) {
            return stored;
        }
        return new OrientedRows(isTransposed ? TransposedRows.of(stored) : stored, this);
    }
}
