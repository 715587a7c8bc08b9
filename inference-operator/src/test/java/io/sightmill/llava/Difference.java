package io.sightmill.llava;

/**
 * How far two images' bytes are apart, in steps of 255.
 *
 * @param largest of any sample
 * @param mean over all samples
 */
record Difference(int largest, double mean) {

    /**
     * @throws IllegalArgumentException if one has more samples than the other
     */
    static Difference of(byte[] one, byte[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException(one.length + " samples against " + other.length);
        }
        int largest = 0;
        long sum = 0;
        for (int i = 0; i < one.length; i++) {
            int step = Math.abs((one[i] & 0xFF) - (other[i] & 0xFF));
            largest = Math.max(largest, step);
            sum += step;
        }
        return new Difference(largest, (double) sum / one.length);
    }
}
