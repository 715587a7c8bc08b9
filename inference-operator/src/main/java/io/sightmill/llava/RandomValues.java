package io.sightmill.llava;

/**
 * Random numbers that are a function of their index: made in any order, on any thread, they are the
 * same. Uniform around their center.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", 2014), whose state after n steps is seed + n * gamma. Arithmetic on the random bits
 * is exact on every machine; library functions need not be.
 *
 * @param seed where the sequence begins
 * @param center their mean
 * @param spread their standard deviation
 */
record RandomValues(long seed, double center, double spread) {

    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    /** Keeps the sequences of two names apart. */
    private static final long NAME_FACTOR = 0x9E3779B9L;

    /** Scale of a uniform variable in [-1, 1) of variance 1: the square root of 3. */
    private static final double UNIT = 1.7320508075688772;

    /** A sequence of its own for each name. */
    static RandomValues of(long seed, String name, double center, double spread) {
        return new RandomValues(seed ^ name.hashCode() * NAME_FACTOR, center, spread);
    }

    /** Fills an array with the values from an index on. */
    void fill(float[] values, long from) {
        double scale = spread * UNIT;
        long state = seed + from * GAMMA;
        for (int i = 0; i < values.length; i++) {
            state += GAMMA;
            long bits = state;
            bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
            bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
            bits ^= bits >>> 31;
            values[i] = (float) (center + scale * ((bits >> 11) * 0x1p-52));
        }
    }
}
