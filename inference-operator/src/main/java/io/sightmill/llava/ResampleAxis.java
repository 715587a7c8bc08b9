package io.sightmill.llava;

/**
 * The bicubic weights of one axis: which source pixels each output pixel is made of.
 *
 * <p>The source lies on a canvas whose other pixels have one colour; their weights are summed up
 * beforehand, so that padding costs nothing.
 *
 * @param first index in the source of the first pixel that counts, one an output pixel
 * @param weights fixed point with {@link #PRECISION_BITS} bits, from that pixel on
 * @param outside sum of the weights that fall on the canvas beside the source
 * @param inside whether the output pixel lies on the resized canvas at all
 */
record ResampleAxis(int[] first, int[][] weights, int[] outside, boolean[] inside) {

    /** 32 bits hold the weight, 8 bits of pixel, and 2 bits for what overshoots. */
    static final int PRECISION_BITS = 22;

    private static final double SUPPORT = 2;
    private static final double A = -0.5;

    /**
     * Where the source lies along an axis and which stretch of the output is wanted.
     *
     * @param canvas length of the canvas in pixels
     * @param sourceFrom where the source begins on the canvas
     * @param sourceLength length of the source
     * @param output length the canvas is resized to; may exceed what fits memory, only the stretch
     *     is computed
     * @param from first output pixel wanted; negative or past the end is outside
     * @param count how many are wanted
     */
    record Stretch(
            int canvas, int sourceFrom, int sourceLength, long output, long from, int count) {}

    int count() {
        return first.length;
    }

    /** Index in the source after the last pixel that counts for this output pixel. */
    int end(int index) {
        return first[index] + weights[index].length;
    }

    static ResampleAxis of(Stretch stretch) {
        int count = stretch.count();
        ResampleAxis axis =
                new ResampleAxis(
                        new int[count], new int[count][], new int[count], new boolean[count]);
        for (int index = 0; index < count; index++) {
            long position = stretch.from() + index;
            axis.inside[index] = position >= 0 && position < stretch.output();
            if (axis.inside[index]) {
                axis.fill(index, position, stretch);
            } else {
                axis.weights[index] = new int[0];
            }
        }
        axis.keepOrder();
        return axis;
    }

    private void fill(int index, long position, Stretch stretch) {
        double scale = (double) stretch.canvas() / stretch.output();
        double filterScale = Math.max(scale, 1);
        double support = SUPPORT * filterScale;
        double center = (position + 0.5) * scale;
        int from = Math.max((int) (center - support + 0.5), 0);
        int to = Math.min((int) (center + support + 0.5), stretch.canvas());
        double[] real = new double[to - from];
        double sum = 0;
        for (int tap = 0; tap < real.length; tap++) {
            real[tap] = bicubic((tap + from - center + 0.5) * (1 / filterScale));
            sum += real[tap];
        }
        int sourceTo = stretch.sourceFrom() + stretch.sourceLength();
        int begin = Math.min(Math.max(from, stretch.sourceFrom()), sourceTo);
        int end = Math.max(Math.min(to, sourceTo), begin);
        first[index] = begin - stretch.sourceFrom();
        weights[index] = new int[end - begin];
        for (int tap = 0; tap < real.length; tap++) {
            int weight = fixedPoint(sum == 0 ? real[tap] : real[tap] / sum);
            int pixel = from + tap;
            if (pixel >= begin && pixel < end) {
                weights[index][pixel - begin] = weight;
            } else {
                outside[index] += weight;
            }
        }
    }

    /** Output pixels off the canvas take the place between their neighbours: rows are streamed. */
    private void keepOrder() {
        for (int index = 1; index < first.length; index++) {
            first[index] = inside[index] ? first[index] : end(index - 1);
        }
    }

    private static int fixedPoint(double weight) {
        return (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
    }

    private static double bicubic(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        if (x < 2) {
            return (((x - 5) * x + 8) * x - 4) * A;
        }
        return 0;
    }
}
