package io.sightmill.llava;

import io.sightmill.engine.EngineCounters;

/**
 * What happened to sequences in mixtures.
 *
 * @param steps of the engine
 * @param mostRunning most sequences that ran at once
 * @param latecomers records that came while a step ran
 * @param preemptions of bulk sequences
 * @param restores how often all was taken out of one engine and given to another
 * @param replayedTokens tokens fed again after either
 * @param cachedTokens positions of prompts that were copied from another task
 * @param imageHits images that were found encoded
 * @param imageMisses images that were encoded
 * @param cancelled others that were cancelled
 * @param late others whose deadline passed
 * @param failed others that the model failed on
 */
public record MixtureEvents(
        long steps,
        int mostRunning,
        long latecomers,
        long preemptions,
        long restores,
        long replayedTokens,
        long cachedTokens,
        long imageHits,
        long imageMisses,
        long cancelled,
        long late,
        long failed) {

    static final MixtureEvents NONE = new MixtureEvents(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** With what an engine has done up to its end. */
    MixtureEvents and(EngineCounters counters, int running, int cameLate, boolean wasRestored) {
        return new MixtureEvents(
                steps + counters.steps(),
                Math.max(mostRunning, running),
                latecomers + cameLate,
                preemptions + counters.preemptions(),
                restores + (wasRestored ? 1 : 0),
                replayedTokens + counters.replayedTokens(),
                cachedTokens + counters.cachedTokens(),
                imageHits + counters.images().hits(),
                imageMisses + counters.images().misses(),
                cancelled + counters.cancelled(),
                late + counters.late(),
                failed + counters.failed());
    }

    /** Together with those of another mixture. */
    MixtureEvents and(MixtureEvents other) {
        return new MixtureEvents(
                steps + other.steps,
                Math.max(mostRunning, other.mostRunning),
                latecomers + other.latecomers,
                preemptions + other.preemptions,
                restores + other.restores,
                replayedTokens + other.replayedTokens,
                cachedTokens + other.cachedTokens,
                imageHits + other.imageHits,
                imageMisses + other.imageMisses,
                cancelled + other.cancelled,
                late + other.late,
                failed + other.failed);
    }
}
