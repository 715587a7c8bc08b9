package io.sightmill.llava;

import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.Sequence;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;

/**
 * What a request asks to be done to logits before a token is chosen: bias, repetition penalty and
 * the least length, in the order and with the arithmetic of Hugging Face's logits processors. A
 * pure function of the request and its tokens so far. Thread-safe.
 *
 * @param endTokenIds tokens that end an answer
 */
record LogitAdjustment(Set<Integer> endTokenIds) {

    /**
     * The logits to choose from; the given array where nothing is to be done, else a copy.
     *
     * @param logits one a token id, all finite
     */
    float[] adjusted(float[] logits, Sequence sequence) {
        GenerationOptions options = sequence.task().generation();
        boolean tooShort = sequence.tokenCount() < options.minNewTokens();
        if (!tooShort && options.logitBias().isEmpty() && options.repetitionPenalty() == 1) {
            return logits;
        }
        float[] adjusted = logits.clone();
        addBias(adjusted, options.logitBias());
        if (options.repetitionPenalty() != 1) {
            penalise(adjusted, seen(sequence, logits.length), (float) options.repetitionPenalty());
        }
        if (tooShort) {
            for (int end : endTokenIds) {
                if (end >= 0 && end < adjusted.length) {
                    adjusted[end] = -Float.MAX_VALUE;
                }
            }
        }
        return adjusted;
    }

    private static void addBias(float[] logits, Map<Integer, Double> bias) {
        bias.forEach(
                (id, value) -> {
                    if (id >= 0 && id < logits.length) {
                        logits[id] = finite(logits[id] + value.floatValue());
                    }
                });
    }

    /** The tokens of prompt and answer; a token that is none, such as an image's, is left out. */
    private static BitSet seen(Sequence sequence, int vocabulary) {
        BitSet seen = new BitSet(vocabulary);
        for (int[] tokens : new int[][] {sequence.prompt().tokenIds(), sequence.tokens()}) {
            for (int id : tokens) {
                if (id >= 0 && id < vocabulary) {
                    seen.set(id);
                }
            }
        }
        return seen;
    }

    static void penalise(float[] logits, BitSet seen, float penalty) {
        for (int id = seen.nextSetBit(0); id >= 0; id = seen.nextSetBit(id + 1)) {
            logits[id] = finite(logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty);
        }
    }

    /** A request's own numbers must not look like a fault of the model. */
    private static float finite(float value) {
        return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }
}
