package io.sightmill.engine;

import java.time.Duration;
import java.util.List;

/** The results of the ways a sequence can end. */
final class SequenceResults {

    private static final double[] NO_LABELS = {};
    private static final int[] NO_TOKENS = {};

    private SequenceResults() {}

    static SequenceResult generated(RunningSequence sequence, FinishReason reason) {
        return answered(sequence.request(), sequence.answer(), reason, sequence.timings());
    }

    static SequenceResult scored(RunningSequence sequence, double[] probabilities) {
        return new SequenceResult(
                sequence.request(),
                NO_TOKENS,
                "",
                probabilities,
                List.of(),
                FinishReason.LABEL,
                sequence.timings());
    }

    static SequenceResult embedded(RunningSequence sequence, List<float[]> vectors) {
        return new SequenceResult(
                sequence.request(), NO_TOKENS, "", NO_LABELS, vectors, null, sequence.timings());
    }

    /** A sequence that ended without being admitted: all its time went into waiting. */
    static SequenceResult notAdmitted(
            SequenceRequest request, Answer answer, FinishReason reason, Duration queue) {
        SequenceTimings timings =
                new SequenceTimings(queue, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        return answered(request, answer, reason, timings);
    }

    static SequenceResult answered(
            SequenceRequest request, Answer answer, FinishReason reason, SequenceTimings timings) {
        return new SequenceResult(
                request, answer.tokens(), answer.text(), NO_LABELS, List.of(), reason, timings);
    }
}
