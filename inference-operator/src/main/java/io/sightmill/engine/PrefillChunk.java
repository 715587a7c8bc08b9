package io.sightmill.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * A stretch of a prompt to run through the language model. Its borders depend on the prompt alone,
 * never on the load: the last bits of a row depend on where its chunk begins.
 *
 * @param prefixOf a sequence not released whose prompt begins alike: the keys and values of all
 *     positions before {@code from} are copied from it first, in place of running them. Empty where
 *     they have run.
 * @param from first position
 * @param to position after the last; the length of {@link Sequence#prefill()} for the last chunk.
 *     Equal to {@code from} where only a prefix is copied.
 */
public record PrefillChunk(Sequence sequence, Optional<Sequence> prefixOf, int from, int to) {

    public PrefillChunk {
        Objects.requireNonNull(prefixOf, "prefixOf");
        boolean runsNothing = to == from && prefixOf.isEmpty();
        if (from < 0 || to < from || runsNothing || to > sequence.prefill().length()) {
            throw new IllegalArgumentException(
                    "chunk [%d, %d) does not fit a prompt of %d tokens"
                            .formatted(from, to, sequence.prefill().length()));
        }
        if (prefixOf.isPresent() && prefixOf.get().prefilledTokens() < from) {
            throw new IllegalArgumentException(
                    "a prefix of %d positions is not there: sequence %s has %d"
                            .formatted(
                                    from, prefixOf.get().id(), prefixOf.get().prefilledTokens()));
        }
    }

    /** A stretch after positions that have run. */
    public PrefillChunk(Sequence sequence, int from, int to) {
        this(sequence, Optional.empty(), from, to);
    }

    public boolean isLast() {
        return to == sequence.prefill().length();
    }

    /** How many positions it runs. */
    public int length() {
        return to - from;
    }

    /** What it takes of a step's tokens: after the last position come the labels to compare. */
    int stepTokens() {
        return length() + (isLast() ? sequence.task().labelTokens() : 0);
    }
}
