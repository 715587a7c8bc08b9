package io.sightmill.tuning.scenes;

import java.util.Arrays;

/**
 * How much of each pixel an outline covers, exactly: the signed area to the right of every edge is
 * added up. Its own, for the filling of Java2D may change with every release and with it the
 * pictures. Used by one thread, again and again.
 */
final class Coverage {

    private final int side;
    private final float[] cells;
    private int left;
    private int top;
    private int right;
    private int bottom;

    /**
     * @param side pixels of a square picture's side
     */
    Coverage(int side) {
        this.side = side;
        // One more a row takes what an edge at the right border adds beyond it.
        this.cells = new float[(side + 2) * side];
    }

    /** Takes the place of what was covered before. Coordinates are shares of the side. */
    Coverage cover(Outline outline) {
        Arrays.fill(cells, 0);
        left = side;
        top = side;
        right = 0;
        bottom = 0;
        for (double[] contour : outline.contours()) {
            int last = contour.length - 2;
            for (int index = 0; index <= last; index += 2) {
                int before = index == 0 ? last : index - 2;
                edge(
                        contour[before] * side,
                        contour[before + 1] * side,
                        contour[index] * side,
                        contour[index + 1] * side);
            }
        }
        addUp();
        return this;
    }

    /** First column with anything covered; likewise the others, the last two excluded. */
    int left() {
        return left;
    }

    int top() {
        return top;
    }

    int right() {
        return right;
    }

    int bottom() {
        return bottom;
    }

    /** From 0 to 1. */
    float at(int x, int y) {
        return cells[y * (side + 2) + x];
    }

    /** The covered area in pixels. */
    double area() {
        double area = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                area += at(x, y);
            }
        }
        return area;
    }

    private void edge(double x0, double y0, double x1, double y1) {
        widen(x0, y0);
        if (y0 == y1) {
            return;
        }
        boolean isDown = y0 < y1;
        double upperX = isDown ? x0 : x1;
        double upperY = isDown ? y0 : y1;
        double lowerY = isDown ? y1 : y0;
        double slope = (x1 - x0) / (y1 - y0);
        int first = (int) Math.max(0, Math.floor(upperY));
        int end = (int) Math.min(side, Math.ceil(lowerY));
        for (int row = first; row < end; row++) {
            double from = Math.max(row, upperY);
            double to = Math.min(row + 1.0, lowerY);
            double height = isDown ? to - from : from - to;
            double a = upperX + (from - upperY) * slope;
            double b = upperX + (to - upperY) * slope;
            spread(row * (side + 2), Math.min(a, b), Math.max(a, b), height);
        }
    }

    /** An edge's piece in one row: what it covers of every pixel from its own to the right. */
    private void spread(int row, double from, double to, double height) {
        double x0 = Math.min(Math.max(from, 0), side);
        double x1 = Math.min(Math.max(to, 0), side);
        int first = (int) x0;
        int last = (int) x1;
        if (first == last) {
            add(row + first, height, (x0 + x1) / 2 - first);
            return;
        }
        double perPixel = height / (x1 - x0);
        for (int x = first; x <= last; x++) {
            double begin = Math.max(x, x0);
            double end = Math.min(x + 1.0, x1);
            add(row + x, (end - begin) * perPixel, (begin + end) / 2 - x);
        }
    }

    /** Of this pixel the share right of the edge, of those behind it all. */
    private void add(int cell, double height, double offset) {
        cells[cell] += (float) (height * (1 - offset));
        cells[cell + 1] += (float) (height * offset);
    }

    private void widen(double x, double y) {
        left = Math.max(0, Math.min(left, (int) x));
        top = Math.max(0, Math.min(top, (int) y));
        right = Math.min(side, Math.max(right, (int) x + 1));
        bottom = Math.min(side, Math.max(bottom, (int) y + 1));
    }

    private void addUp() {
        for (int y = top; y < bottom; y++) {
            int row = y * (side + 2);
            float sum = 0;
            for (int x = left; x < right; x++) {
                sum += cells[row + x];
                cells[row + x] = Math.min(1, Math.abs(sum));
            }
        }
    }
}
