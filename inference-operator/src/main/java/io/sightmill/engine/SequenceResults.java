package io.sightmill.engine;

import java.util.List;

/** The results of the ways a sequence can end. */
final class SequenceResults {

    private static final double[] NO_LABELS = {};
    private static final int[] NO_TOKENS = {};

    private SequenceResults() {}

    static SequenceResult scored(RunningSequence sequence, double[] probabilities) {
        return new SequenceResult(
                sequence.request(),
                NO_TOKENS,
                "",
                List.of(),
                probabilities,
                List.of(),
                FinishReason.LABEL,
                sequence.cachedTokens(),
                sequence.timings());
    }

    static SequenceResult embedded(RunningSequence sequence, List<float[]> vectors) {
        return new SequenceResult(
                sequence.request(),
                NO_TOKENS,
                "",
                List.of(),
                NO_LABELS,
                vectors,
                null,
                0,
                sequence.timings());
    }

    /** A sequence that ran, with an answer that may be any part of it. */
    static SequenceResult answered(RunningSequence sequence, Answer answer, FinishReason reason) {
        return new SequenceResult(
                sequence.request(),
                answer.tokens(),
                answer.text(),
                sequence.logProbabilities(),
                NO_LABELS,
                List.of(),
                reason,
                sequence.cachedTokens(),
                sequence.timings());
    }

    /** A sequence that did not run, or not any more. */
    static SequenceResult notRunning(
            SequenceRequest request, Answer answer, FinishReason reason, SequenceTimings timings) {
        return new SequenceResult(
                request,
                answer.tokens(),
                answer.text(),
                List.of(),
                NO_LABELS,
                List.of(),
                reason,
                0,
                timings);
    }
}
