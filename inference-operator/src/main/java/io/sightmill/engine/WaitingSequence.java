package io.sightmill.engine;

import java.time.Duration;

/**
 * A sequence that waits for admission, for the first time or again.
 *
 * @param known its tokens so far, to be replayed: the request's, or those it had when it gave way
 * @param spent where its time went before it began to wait
 * @param sinceNanos when it began to wait, on the engine's clock
 */
record WaitingSequence(
        SequenceRequest request, int[] known, SequenceTimings spent, long sinceNanos) {

    /** A sequence that was submitted, or has waited for that, since this time. */
    static WaitingSequence submitted(SequenceRequest request, long sinceNanos) {
        return new WaitingSequence(
                request, request.tokensSoFar(), SequenceTimings.NONE, sinceNanos);
    }

    /** Where its time went up to now. */
    SequenceTimings timings(long nowNanos) {
        return spent.andQueued(Duration.ofNanos(nowNanos - sinceNanos));
    }
}
