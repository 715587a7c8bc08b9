package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.Sequence;
import java.util.Arrays;
import java.util.List;

/**
 * Compares labels as continuations of a prompt that has been prefilled: each runs over the prompt's
 * keys and values, one after the other in the same place. Used by the engine's thread.
 */
final class LabelScorer {

    private final LanguageModel language;

    LabelScorer(LanguageModel language) {
        this.language = language;
    }

    /**
     * The softmax over labels of the sum of their tokens' log-probabilities.
     *
     * @param afterPrompt logits of the prompt's last position
     * @throws ArithmeticException if a logit is not a number
     */
    double[] probabilities(Sequence sequence, KvCache cache, float[] afterPrompt, NDManager step) {
        List<int[]> labels = sequence.task().labels();
        double[] scores = new double[labels.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] =
                    logProbability(
                            labels.get(i), sequence.prompt().length(), cache, afterPrompt, step);
        }
        double sum = logSumExp(scores);
        return Arrays.stream(scores).map(score -> Math.exp(score - sum)).toArray();
    }

    private double logProbability(
            int[] label, int promptLength, KvCache cache, float[] afterPrompt, NDManager step) {
        double score = logProbability(afterPrompt, label[0]);
        if (label.length == 1) {
            return score;
        }
        int[] fed = Arrays.copyOf(label, label.length - 1);
        PtNDArray embedded = language.embed(fed, step);
        try (PtNDArray hidden = language.prefill(embedded, cache, promptLength, step)) {
            float[][] logits = language.logits(hidden, 0, step);
            for (int i = 1; i < label.length; i++) {
                score += logProbability(logits[i - 1], label[i]);
            }
        }
        return score;
    }

    private static double logProbability(float[] logits, int id) {
        double[] wide = new double[logits.length];
        Arrays.setAll(wide, i -> logits[i]);
        double score = logits[id] - logSumExp(wide);
        if (!Double.isFinite(score)) {
            throw new ArithmeticException("the log-probability of token " + id + " is " + score);
        }
        return score;
    }

    private static double logSumExp(double[] values) {
        double most = Arrays.stream(values).max().orElseThrow();
        return most + Math.log(Arrays.stream(values).map(v -> Math.exp(v - most)).sum());
    }
}
