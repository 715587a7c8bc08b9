package io.sightmill.llava;

import java.util.Arrays;

/**
 * Resizes an image with a bicubic filter and cuts a square out of the result.
 *
 * <p>Equal to the byte to what the reference's preprocessing gives: the filter widens when it
 * shrinks, weights are fixed point, and each of the two passes, first along rows, then along
 * columns, rounds to 8 bits. Source rows are streamed and only the square is computed, so memory
 * does not depend on the image's shape.
 */
final class BicubicResize {

    private static final int HALF = 1 << (ResampleAxis.PRECISION_BITS - 1);

    private BicubicResize() {}

    /**
     * What to make of an image.
     *
     * @param canvasWidth width in pixels of the canvas the image lies on, at least its own
     * @param canvasHeight height of the canvas
     * @param background colour of the canvas: red, green, blue in 0..255
     * @param outputWidth width the canvas is resized to
     * @param outputHeight height the canvas is resized to
     * @param left first column of the output that is wanted; may lie off it
     * @param top first row of the output that is wanted; may lie off it
     * @param size side of the square that is cut there; what lies off the output is black
     */
    record Plan(
            int canvasWidth,
            int canvasHeight,
            int[] background,
            long outputWidth,
            long outputHeight,
            long left,
            long top,
            int size) {

        /** The square from the middle. */
        Plan(
                int canvasWidth,
                int canvasHeight,
                int[] background,
                long outputWidth,
                long outputHeight,
                int size) {
            this(
                    canvasWidth,
                    canvasHeight,
                    background,
                    outputWidth,
                    outputHeight,
                    Math.floorDiv(outputWidth - size, 2),
                    Math.floorDiv(outputHeight - size, 2),
                    size);
        }

        private ResampleAxis columns(RgbRows image) {
            return axis(canvasWidth, image.width(), outputWidth, left);
        }

        private ResampleAxis rows(RgbRows image) {
            return axis(canvasHeight, image.height(), outputHeight, top);
        }

        private ResampleAxis axis(int canvas, int length, long output, long from) {
            return ResampleAxis.of(
                    new ResampleAxis.Stretch(
                            canvas, (canvas - length) / 2, length, output, from, size));
        }
    }

    /**
     * Runs the plan.
     *
     * @return values in 0..255, [size, size, 3]: row, column, channel
     */
    static byte[] apply(RgbRows image, Plan plan) {
        ResampleAxis columns = plan.columns(image);
        ResampleAxis rows = plan.rows(image);
        int[][] sums = new int[rows.count()][];
        int[] padding = new int[plan.size() * 3];
        resampleRow(columns, new int[0], plan.background(), padding, true);
        for (int index = 0; index < sums.length; index++) {
            sums[index] = new int[padding.length];
            addRow(sums[index], padding, rows.outside()[index]);
        }
        streamRows(image, plan.background(), columns, rows, sums);
        return settle(columns, rows, sums);
    }

    private static void streamRows(
            RgbRows image,
            int[] background,
            ResampleAxis columns,
            ResampleAxis rows,
            int[][] sums) {
        int[] source = new int[image.width() * 3];
        int[] resampled = new int[columns.count() * 3];
        int open = 0;
        int reached = 0;
        for (int row = rows.first()[0]; row < rows.end(rows.count() - 1); row++) {
            while (open < rows.count() && rows.end(open) <= row) {
                open++;
            }
            while (reached < rows.count() && rows.first()[reached] <= row) {
                reached++;
            }
            if (open >= reached) {
                continue;
            }
            image.read(row, source);
            resampleRow(columns, source, background, resampled, false);
            for (int index = open; index < reached; index++) {
                if (row < rows.end(index)) {
                    addRow(
                            sums[index],
                            resampled,
                            rows.weights()[index][row - rows.first()[index]]);
                }
            }
        }
    }

    /** The pass along a row: from source pixels to columns, rounded to 8 bits. */
    private static void resampleRow(
            ResampleAxis columns, int[] source, int[] background, int[] target, boolean isPadding) {
        for (int column = 0; column < columns.count(); column++) {
            int[] weights = columns.weights()[column];
            int outside = columns.outside()[column];
            if (isPadding) {
                outside += Arrays.stream(weights).sum();
                weights = new int[0];
            }
            int red = HALF + background[0] * outside;
            int green = HALF + background[1] * outside;
            int blue = HALF + background[2] * outside;
            int at = columns.first()[column] * 3;
            for (int weight : weights) {
                red += source[at] * weight;
                green += source[at + 1] * weight;
                blue += source[at + 2] * weight;
                at += 3;
            }
            target[column * 3] = clip(red);
            target[column * 3 + 1] = clip(green);
            target[column * 3 + 2] = clip(blue);
        }
    }

    private static void addRow(int[] sums, int[] row, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i] * weight;
        }
    }

    private static byte[] settle(ResampleAxis columns, ResampleAxis rows, int[][] sums) {
        int width = columns.count();
        byte[] result = new byte[rows.count() * width * 3];
        for (int row = 0; row < rows.count(); row++) {
            for (int column = 0; column < width && rows.inside()[row]; column++) {
                for (int channel = 0; channel < 3 && columns.inside()[column]; channel++) {
                    int at = column * 3 + channel;
                    result[row * width * 3 + at] = (byte) clip(sums[row][at] + HALF);
                }
            }
        }
        return result;
    }

    private static int clip(int sum) {
        int value = sum >> ResampleAxis.PRECISION_BITS;
        return Math.max(0, Math.min(255, value));
    }
}
