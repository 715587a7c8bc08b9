package io.sightmill.engine;

import java.util.List;
import java.util.Objects;

/**
 * What a sequence gave.
 *
 * @param tokenIds the tokens generated, end token excluded
 * @param text their text, cut before a stop string; empty for SCORE and EMBED
 * @param logProbabilities one a token where they were asked for; of an answer that ended while it
 *     was replaying, of those that had been replayed
 * @param labelProbabilities one a label, for SCORE unless it was late or cancelled; else empty
 * @param vectors one an image, for EMBED unless it was late or cancelled; else empty
 * @param finishReason null for vectors; one that was late or cancelled has a reason whatever its
 *     kind
 * @param cachedTokens positions of the prompt that were copied and not computed, when it last began
 */
public record SequenceResult(
        SequenceRequest request,
        int[] tokenIds,
        String text,
        List<TokenLogProbabilities> logProbabilities,
        double[] labelProbabilities,
        List<float[]> vectors,
        FinishReason finishReason,
        int cachedTokens,
        SequenceTimings timings) {

    public SequenceResult {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(text, "text");
        logProbabilities = List.copyOf(logProbabilities);
        vectors = List.copyOf(vectors);
    }
}
