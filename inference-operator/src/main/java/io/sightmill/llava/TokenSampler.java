package io.sightmill.llava;

import io.sightmill.engine.GenerationOptions;
import java.util.Arrays;

/**
 * Chooses the next token from logits. A pure function: the random number is made of the request's
 * seed and the token's index alone, so nothing has to be saved to go on after a restart and batch
 * mates change nothing. Thread-safe.
 */
final class TokenSampler {

    // Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (2014), SplitMix64.
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private TokenSampler() {}

    /**
     * The next token: the most likely one (the lowest id of equals) when greedy; else sampled after
     * temperature, then top-k, then top-p.
     *
     * @param logits one a token id
     * @param tokenIndex how many tokens were generated before
     * @throws ArithmeticException if a logit is not a number or infinite
     */
    static int next(float[] logits, GenerationOptions options, int tokenIndex) {
        int best = mostLikely(logits);
        if (options.isGreedy()) {
            return best;
        }
        double[] weights = new double[logits.length];
        for (int id = 0; id < logits.length; id++) {
            weights[id] = Math.exp((logits[id] - (double) logits[best]) / options.temperature());
        }
        int[] candidates = candidates(logits, weights, options);
        double total = 0;
        for (int id : candidates) {
            total += weights[id];
        }
        double left = uniform(options.seed(), tokenIndex) * total;
        for (int id : candidates) {
            left -= weights[id];
            if (left < 0) {
                return id;
            }
        }
        return best;
    }

    /** Ids that may be drawn. */
    private static int[] candidates(float[] logits, double[] weights, GenerationOptions options) {
        boolean cutsByCount = options.topK() > 0 && options.topK() < logits.length;
        if (!cutsByCount && options.topP() == 1) {
            int[] all = new int[logits.length];
            Arrays.setAll(all, id -> id);
            return all;
        }
        int[] ids = byLikelihood(logits);
        int count = cutsByCount ? options.topK() : ids.length;
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[ids[i]];
        }
        double enough = options.topP() * total;
        double sum = 0;
        int kept = 0;
        while (kept < count && (kept == 0 || sum < enough)) {
            sum += weights[ids[kept++]];
        }
        return Arrays.copyOf(ids, kept);
    }

    /** All ids, the most likely first, the lowest id first among equals. */
    static int[] byLikelihood(float[] logits) {
        long[] keys = new long[logits.length];
        for (int id = 0; id < logits.length; id++) {
            int bits = Float.floatToIntBits(logits[id] + 0f); // -0 becomes 0
            int ascending = bits < 0 ? ~bits ^ Integer.MIN_VALUE : bits;
            keys[id] = ((long) ~ascending << 32) | id;
        }
        Arrays.sort(keys);
        int[] ids = new int[keys.length];
        Arrays.setAll(ids, i -> (int) keys[i]);
        return ids;
    }

    /**
     * @throws ArithmeticException if a logit is not a number or infinite
     */
    static void requireNumbers(float[] logits) {
        for (int id = 0; id < logits.length; id++) {
            if (!Float.isFinite(logits[id])) {
                throw new ArithmeticException("the logit of token " + id + " is " + logits[id]);
            }
        }
    }

    private static int mostLikely(float[] logits) {
        requireNumbers(logits);
        int best = 0;
        for (int id = 0; id < logits.length; id++) {
            if (logits[id] > logits[best]) {
                best = id;
            }
        }
        return best;
    }

    /** In [0, 1), from 53 bits. */
    private static double uniform(long seed, int tokenIndex) {
        long mixed = mix(mix(seed) + GOLDEN_GAMMA * (tokenIndex + 1L));
        return (mixed >>> 11) * 0x1.0p-53;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
