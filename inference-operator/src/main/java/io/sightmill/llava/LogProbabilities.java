package io.sightmill.llava;

import io.sightmill.engine.TokenLogProbabilities;
import java.util.Arrays;

/** Natural logarithms of probabilities, from the logits as the model gives them. */
final class LogProbabilities {

    private LogProbabilities() {}

    /**
     * The chosen token's, and those of the most likely ones.
     *
     * @param logits one a token id, before any bias, penalty or temperature
     * @param top how many of the most likely tokens, the lowest id first among equals
     */
    static TokenLogProbabilities of(float[] logits, int chosen, int top) {
        float highest = logits[TokenSampler.mostLikely(logits)];
        SoftmaxWeights weights = new SoftmaxWeights(logits, highest, 1);
        double sum = highest + Math.log(weights.sum());
        int[] ids = weights.likeliest(top);
        double[] likeliest = Arrays.stream(ids).mapToDouble(id -> logits[id] - sum).toArray();
        return new TokenLogProbabilities(chosen, logits[chosen] - sum, ids, likeliest);
    }

    static double logSumExp(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return logSumExp(wide);
    }

    static double logSumExp(double[] values) {
        double most = Arrays.stream(values).max().orElseThrow();
        return most + Math.log(Arrays.stream(values).map(v -> Math.exp(v - most)).sum());
    }
}
