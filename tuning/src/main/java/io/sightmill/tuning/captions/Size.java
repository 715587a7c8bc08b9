package io.sightmill.tuning.captions;

import java.util.Optional;

/**
 * The two sizes of shapes, with a gap between them: what lies in the gap is neither. A size is the
 * longer side of a shape's box, as a share of the picture's side.
 */
public enum Size {
    SMALL(0.19, 0.235),
    LARGE(0.33, 0.42);

    /** Boxes are written with three decimals. */
    private static final double ROUNDING = 0.002;

    private final double least;
    private final double most;

    Size(double least, double most) {
        this.least = least;
        this.most = most;
    }

    public double least() {
        return least;
    }

    public double most() {
        return most;
    }

    public String word() {
        return Words.of(this);
    }

    /** The size that a shape with this box has; empty for one that is neither. */
    public static Optional<Size> of(Box box) {
        double side = Math.max(box.width(), box.height());
        for (Size size : values()) {
            if (side >= size.least - ROUNDING && side <= size.most + ROUNDING) {
                return Optional.of(size);
            }
        }
        return Optional.empty();
    }
}
