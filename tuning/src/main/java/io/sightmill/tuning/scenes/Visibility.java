package io.sightmill.tuning.scenes;

import java.util.Arrays;
import java.util.List;

/**
 * How much of each shape can be seen behind those that are painted over it, measured on a grid that
 * does not depend on the size of the picture. Used by one thread, again and again.
 */
final class Visibility {

    private static final int GRID = 64;

    private final Coverage coverage = new Coverage(GRID);
    private final float[] free = new float[GRID * GRID];

    /** The visible share of each, in their order; the first is painted first. */
    double[] of(List<Outline> painted) {
        Arrays.fill(free, 1);
        double[] shares = new double[painted.size()];
        for (int index = painted.size() - 1; index >= 0; index--) {
            shares[index] = paintUnder(painted.get(index));
        }
        return shares;
    }

    private double paintUnder(Outline outline) {
        coverage.cover(outline);
        double seen = 0;
        double area = 0;
        for (int y = coverage.top(); y < coverage.bottom(); y++) {
            for (int x = coverage.left(); x < coverage.right(); x++) {
                float covered = coverage.at(x, y);
                int cell = y * GRID + x;
                area += covered;
                seen += covered * free[cell];
                free[cell] *= 1 - covered;
            }
        }
        return Math.min(1, seen / area);
    }
}
