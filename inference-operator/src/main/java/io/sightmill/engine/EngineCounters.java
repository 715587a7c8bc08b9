package io.sightmill.engine;

/**
 * What the engine does and has done, for metrics.
 *
 * @param runningLive live sequences admitted and not ended
 * @param runningBulk bulk sequences admitted and not ended
 * @param waitingLive live sequences that wait for admission
 * @param waitingBulk bulk sequences that wait for admission
 * @param kvTokensUsed positions of KV memory reserved by running sequences and kept prefixes
 * @param steps steps that ran something, since the start like all below
 * @param promptTokens positions of prompts prefilled
 * @param labelTokens tokens of labels run to score them
 * @param cachedTokens positions of prompts copied from another task of the same record
 * @param generatedTokens new tokens of answers, end tokens excluded
 * @param replayedTokens tokens of answers that were replayed
 * @param finished sequences that ended, cancelled and late ones excluded
 * @param cancelled sequences that were cancelled
 * @param late sequences that ended because their deadline passed
 * @param preemptions how often a bulk sequence gave way to a live one
 * @param failed sequences that failed or could never fit
 * @param images what the cache of encoded images has done
 */
public record EngineCounters(
        int runningLive,
        int runningBulk,
        int waitingLive,
        int waitingBulk,
        int kvTokensUsed,
        long steps,
        long promptTokens,
        long labelTokens,
        long cachedTokens,
        long generatedTokens,
        long replayedTokens,
        long finished,
        long cancelled,
        long late,
        long preemptions,
        long failed,
        ImageCounters images) {

    /** Sequences of both lanes that are admitted and not ended. */
    public int running() {
        return runningLive + runningBulk;
    }

    /** Sequences of a lane that are admitted and not ended. */
    public int running(Lane lane) {
        return lane == Lane.LIVE ? runningLive : runningBulk;
    }

    /** Sequences of a lane that wait for admission. */
    public int waiting(Lane lane) {
        return lane == Lane.LIVE ? waitingLive : waitingBulk;
    }

    /** Sequences of both lanes that wait for admission. */
    public int waiting() {
        return waitingLive + waitingBulk;
    }
}
