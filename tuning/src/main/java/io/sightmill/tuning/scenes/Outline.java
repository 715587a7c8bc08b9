package io.sightmill.tuning.scenes;

import io.sightmill.tuning.captions.Box;
import java.util.Arrays;

/**
 * Closed polygons in the plane, y downwards: a filled area. A hole runs against its surrounding;
 * parts that lie over each other run the same way.
 *
 * @param contours x and y alternating, a contour each; not copied, never changed
 */
record Outline(double[][] contours) {

    /** Turned clockwise about the origin. */
    Outline turned(double radians) {
        double cosine = StrictMath.cos(radians);
        double sine = StrictMath.sin(radians);
        return mapped(cosine, -sine, 0, sine, cosine, 0);
    }

    /** Scaled so that the longer side of its frame is {@code side}, its centre at a point. */
    Outline fitted(double centerX, double centerY, double side) {
        double[] frame = frame();
        double scale = side / Math.max(frame[2] - frame[0], frame[3] - frame[1]);
        return mapped(
                scale,
                0,
                centerX - scale * (frame[0] + frame[2]) / 2,
                0,
                scale,
                centerY - scale * (frame[1] + frame[3]) / 2);
    }

    Outline moved(double x, double y) {
        return mapped(1, 0, x, 0, 1, y);
    }

    /** Its frame, rounded to the three decimals that boxes are written with. */
    Box box() {
        double[] frame = frame();
        return new Box(rounded(frame[0]), rounded(frame[1]), rounded(frame[2]), rounded(frame[3]));
    }

    /** Height over width of its frame. */
    double aspect() {
        double[] frame = frame();
        return (frame[3] - frame[1]) / (frame[2] - frame[0]);
    }

    private static double rounded(double value) {
        return Math.rint(value * 1000) / 1000;
    }

    private double[] frame() {
        double[] frame = {Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, -Double.MAX_VALUE};
        for (double[] contour : contours) {
            for (int index = 0; index < contour.length; index += 2) {
                frame[0] = Math.min(frame[0], contour[index]);
                frame[1] = Math.min(frame[1], contour[index + 1]);
                frame[2] = Math.max(frame[2], contour[index]);
                frame[3] = Math.max(frame[3], contour[index + 1]);
            }
        }
        return frame;
    }

    private Outline mapped(double xx, double xy, double x0, double yx, double yy, double y0) {
        return new Outline(
                Arrays.stream(contours)
                        .map(contour -> mapped(contour, xx, xy, x0, yx, yy, y0))
                        .toArray(double[][]::new));
    }

    private static double[] mapped(
            double[] contour, double xx, double xy, double x0, double yx, double yy, double y0) {
        double[] points = new double[contour.length];
        for (int index = 0; index < points.length; index += 2) {
            double x = contour[index];
            double y = contour[index + 1];
            points[index] = xx * x + xy * y + x0;
            points[index + 1] = yx * x + yy * y + y0;
        }
        return points;
    }
}
