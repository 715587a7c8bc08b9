package io.sightmill.engine;

import java.time.Duration;

/**
 * Where a sequence's time went.
 *
 * @param queue waiting for admission
 * @param encode of the steps that encoded its images
 * @param prefill of the steps that ran its prompt
 * @param decode from its first token to its last; of a sequence that was preempted, added up over
 *     the times it ran
 */
public record SequenceTimings(Duration queue, Duration encode, Duration prefill, Duration decode) {

    /** Of a sequence that has just come. */
    static final SequenceTimings NONE =
            new SequenceTimings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    SequenceTimings andQueued(Duration time) {
        return new SequenceTimings(queue.plus(time), encode, prefill, decode);
    }

    SequenceTimings andEncoded(Duration time) {
        return new SequenceTimings(queue, encode.plus(time), prefill, decode);
    }

    SequenceTimings andPrefilled(Duration time) {
        return new SequenceTimings(queue, encode, prefill.plus(time), decode);
    }

    SequenceTimings andDecoded(Duration time) {
        return new SequenceTimings(queue, encode, prefill, decode.plus(time));
    }
}
