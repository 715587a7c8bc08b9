package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.LabelTree;
import io.sightmill.engine.Sequence;
import java.util.Arrays;

/**
 * Compares labels as continuations of a prompt that has been prefilled: each runs over the prompt's
 * keys and values, what labels begin with in common once, one branch after the other in the same
 * place. Used by the engine's thread.
 */
final class LabelScorer {

    private final LanguageModel language;

    LabelScorer(LanguageModel language) {
        this.language = language;
    }

    /**
     * The softmax over labels of the sum of their tokens' log-probabilities: how likely each is if
     * the answer is one of them. They add up to 1, however unlikely all of them are; a longer label
     * has more factors and is not compensated for it.
     *
     * @param afterPrompt logits of the prompt's last position
     * @throws ArithmeticException if a logit is not a number
     */
    double[] probabilities(Sequence sequence, KvCache cache, float[] afterPrompt, NDManager step) {
        double[] scores = new double[sequence.task().labels().size()];
        LabelTree root = LabelTree.of(sequence.task().labels());
        Place begin = new Place(sequence.prompt().length(), 0, afterPrompt);
        for (LabelTree child : root.children()) {
            score(child, begin, cache, step, scores);
        }
        double sum = LogProbabilities.logSumExp(scores);
        return Arrays.stream(scores).map(score -> Math.exp(score - sum)).toArray();
    }

    /**
     * Where a branch begins.
     *
     * @param position of its first token
     * @param score log-probability of all tokens before
     * @param logits of the position before
     */
    private record Place(int position, double score, float[] logits) {}

    private void score(
            LabelTree branch, Place place, KvCache cache, NDManager step, double[] scores) {
        int[] tokens = branch.tokens();
        double score = place.score() + logProbability(place.logits(), tokens[0]);
        boolean isLeaf = branch.children().isEmpty();
        int[] fed = isLeaf ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
        float[][] logits = fed.length == 0 ? new float[0][] : run(fed, place, cache, step);
        for (int i = 1; i < tokens.length; i++) {
            score += logProbability(logits[i - 1], tokens[i]);
        }
        for (int label : branch.labels()) {
            scores[label] = score;
        }
        for (LabelTree child : branch.children()) {
            Place next =
                    new Place(place.position() + tokens.length, score, logits[logits.length - 1]);
            score(child, next, cache, step, scores);
        }
    }

    private float[][] run(int[] fed, Place place, KvCache cache, NDManager step) {
        PtNDArray embedded = language.embed(fed, step);
        try (PtNDArray hidden = language.prefill(embedded, cache, place.position(), step)) {
            return language.logits(hidden, 0, step);
        }
    }

    private static double logProbability(float[] logits, int id) {
        double score = logits[id] - LogProbabilities.logSumExp(logits);
        if (!Double.isFinite(score)) {
            throw new ArithmeticException("the log-probability of token " + id + " is " + score);
        }
        return score;
    }
}
