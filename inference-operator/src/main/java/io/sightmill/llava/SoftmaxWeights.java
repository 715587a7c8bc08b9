package io.sightmill.llava;

import java.util.Arrays;

/**
 * What a softmax makes of logits, before it is divided by the sum: {@code exp((logit - highest) /
 * temperature)}. Finds the most likely tokens without sorting all of them: a vocabulary has tens of
 * thousands, and a step draws for every sequence.
 *
 * <p>Only additions and multiplications, so the same bits on every machine and in every state of
 * the compiler. What is less than {@code exp(-45)} of the highest counts as that: of any vocabulary
 * it is less than a rounding error.
 */
final class SoftmaxWeights {

    private static final double LEAST_EXPONENT = -45;
    private static final double LEAST_TEMPERATURE = 1e-30;
    private static final int BUCKETS_A_UNIT = 32;
    private static final int BUCKETS = (int) (-LEAST_EXPONENT * BUCKETS_A_UNIT) + 1;

    /** So many at a time that they stay in the processor's nearest cache. */
    private static final int BLOCK = 512;

    /** Of an exponent goes into the series: so small that few terms do. */
    private static final double PART = 1.0 / 128;

    private static final int TERMS = 13;

    private final float[] logits;
    private final double highest;
    private final double inverse;
    private final double[] weights;

    /** How many tokens there are of each likelihood, and the sums of their weights. */
    private final int[] tokens = new int[BUCKETS];

    private final double[] sums = new double[BUCKETS];

    /**
     * @param logits one a token id, all finite
     * @param highest the highest of them
     * @param temperature above 0
     */
    SoftmaxWeights(float[] logits, float highest, double temperature) {
        this.logits = logits;
        this.highest = highest;
        this.inverse = 1 / Math.max(temperature, LEAST_TEMPERATURE);
        this.weights = new double[logits.length];
        double[] exponents = new double[BLOCK];
        double[] block = new double[BLOCK];
        for (int from = 0; from < logits.length; from += BLOCK) {
            int count = Math.min(BLOCK, logits.length - from);
            scale(from, count, exponents);
            exp(exponents, block, count);
            System.arraycopy(block, 0, weights, from, count);
            count(exponents, block, count);
        }
    }

    private void scale(int from, int count, double[] exponents) {
        for (int i = 0; i < count; i++) {
            double exponent = (logits[from + i] - highest) * inverse;
            exponents[i] = exponent > LEAST_EXPONENT ? exponent : LEAST_EXPONENT;
        }
    }

    private void count(double[] exponents, double[] block, int count) {
        for (int i = 0; i < count; i++) {
            int bucket = (int) (-exponents[i] * BUCKETS_A_UNIT);
            tokens[bucket]++;
            sums[bucket] += block[i];
        }
    }

    /** Of all tokens. */
    double sum() {
        double sum = 0;
        for (double each : sums) {
            sum += each;
        }
        return sum;
    }

    /** The most likely tokens, the most likely first, the lowest id first among equals. */
    int[] likeliest(int count) {
        int bucket = 0;
        for (int found = tokens[0]; found < count && bucket < BUCKETS - 1; ) {
            found += tokens[++bucket];
        }
        int[] ids = upTo(bucket);
        return ids.length <= count ? ids : Arrays.copyOf(ids, count);
    }

    /** The fewest of the most likely tokens that have this share of the sum, in the same order. */
    int[] reaching(double share) {
        double enough = share * sum();
        int bucket = 0;
        for (double found = sums[0]; found < enough && bucket < BUCKETS - 1; ) {
            found += sums[++bucket];
        }
        // One more, for within a bucket they are added up in another order.
        return reaching(enough, upTo(Math.min(bucket + 1, BUCKETS - 1)));
    }

    /** As many of these tokens, from the first, as it takes to have enough; at least one. */
    int[] reaching(double enough, int[] ids) {
        double sum = 0;
        int kept = 0;
        while (kept < ids.length && (kept == 0 || sum < enough)) {
            sum += weights[ids[kept++]];
        }
        return kept == ids.length ? ids : Arrays.copyOf(ids, kept);
    }

    double sum(int[] ids) {
        double sum = 0;
        for (int id : ids) {
            sum += weights[id];
        }
        return sum;
    }

    /**
     * The token at a place in the sum of all weights, in the order of ids.
     *
     * @param share of the sum, 0 to 1
     */
    int draw(double share) {
        double left = share * sum();
        int last = 0;
        for (int id = 0; id < weights.length; id++) {
            left -= weights[id];
            if (left < 0) {
                return id;
            }
            last = weights[id] > weights[last] ? id : last;
        }
        return last; // rounding left something over
    }

    /** The same among these tokens, in their order. */
    int draw(double share, int[] ids) {
        double left = share * sum(ids);
        for (int id : ids) {
            left -= weights[id];
            if (left < 0) {
                return id;
            }
        }
        return ids[0];
    }

    /** All of the first buckets, and maybe a few more, in order. */
    private int[] upTo(int bucket) {
        double lowest = highest - (bucket + 2.0) / BUCKETS_A_UNIT / inverse;
        double bound = bucket == BUCKETS - 1 ? Double.NEGATIVE_INFINITY : lowest;
        long[] keys = new long[64];
        int count = 0;
        for (int id = 0; id < logits.length; id++) {
            if (logits[id] >= bound) {
                if (count == keys.length) {
                    keys = Arrays.copyOf(keys, 2 * count);
                }
                keys[count++] = key(logits[id], id);
            }
        }
        Arrays.sort(keys, 0, count);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) keys[i];
        }
        return ids;
    }

    /** Ascends as the logit descends, and then with the id. */
    private static long key(float logit, int id) {
        int bits = Float.floatToIntBits(logit + 0f); // -0 becomes 0
        int ascending = bits < 0 ? ~bits ^ Integer.MIN_VALUE : bits;
        return ((long) ~ascending << 32) | id;
    }

    /**
     * The exponential function of numbers from {@link #LEAST_EXPONENT} to 0, to 13 digits: Taylor's
     * series of a small part of the exponent, squared. A term at a time over all numbers: of loops
     * as short as these the compiler makes vectors, of one long one it does not.
     *
     * @param exponents of the first {@code count} only
     */
    static void exp(double[] exponents, double[] results, int count) {
        Arrays.fill(results, 0, count, 1);
        for (int term = TERMS; term > 0; term--) {
            addTerm(exponents, results, count, PART / term);
        }
        for (double part = PART; part < 1; part *= 2) {
            square(results, count);
        }
    }

    private static void addTerm(double[] exponents, double[] results, int count, double factor) {
        for (int i = 0; i < count; i++) {
            results[i] = 1 + exponents[i] * factor * results[i];
        }
    }

    private static void square(double[] results, int count) {
        for (int i = 0; i < count; i++) {
            results[i] *= results[i];
        }
    }
}
