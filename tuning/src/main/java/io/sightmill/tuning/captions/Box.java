package io.sightmill.tuning.captions;

import java.util.Locale;

/**
 * Where a thing is: left, top, right and bottom as shares of the picture's width and height. It
 * frames the whole of the thing, what another covers included.
 */
public record Box(double left, double top, double right, double bottom) {

    public Box {
        require(left, right, "left", "right");
        require(top, bottom, "top", "bottom");
    }

    private static void require(double least, double most, String leastKey, String mostKey) {
        if (!(least >= 0 && least < most && most <= 1)) {
            throw new IllegalArgumentException(
                    "a box has %s %s and %s %s; they must be from 0 to 1 and in this order"
                            .formatted(leastKey, least, mostKey, most));
        }
    }

    public double width() {
        return right - left;
    }

    public double height() {
        return bottom - top;
    }

    public double centerX() {
        return (left + right) / 2;
    }

    public double centerY() {
        return (top + bottom) / 2;
    }

    /** With three decimals, as a teacher reads it. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "[%.3f, %.3f, %.3f, %.3f]", left, top, right, bottom);
    }
}
