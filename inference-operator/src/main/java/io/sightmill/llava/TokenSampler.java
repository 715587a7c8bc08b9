package io.sightmill.llava;

import io.sightmill.engine.GenerationOptions;

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
        SoftmaxWeights weights = new SoftmaxWeights(logits, logits[best], options.temperature());
        double random = uniform(options.seed(), tokenIndex);
        boolean cutsByCount = options.topK() > 0 && options.topK() < logits.length;
        if (!cutsByCount && options.topP() == 1) {
            return weights.draw(random);
        }
        return weights.draw(random, candidates(weights, options, cutsByCount));
    }

    /** Ids that may be drawn, the most likely first. */
    private static int[] candidates(
            SoftmaxWeights weights, GenerationOptions options, boolean cutsByCount) {
        if (!cutsByCount) {
            return weights.reaching(options.topP());
        }
        int[] likeliest = weights.likeliest(options.topK());
        return options.topP() == 1
                ? likeliest
                : weights.reaching(options.topP() * weights.sum(likeliest), likeliest);
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

    /** The lowest id of equals. */
    static int mostLikely(float[] logits) {
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
