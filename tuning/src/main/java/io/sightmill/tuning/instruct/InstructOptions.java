package io.sightmill.tuning.instruct;

import java.util.Set;

/**
 * How instruction data is made.
 *
 * @param seed of what is left to chance
 * @param kinds which kinds to make of every picture
 * @param concurrency how many pictures a teacher is asked about at once
 * @param skipsBadLines whether a line of the caption file that cannot be read is reported and
 *     passed over; it ends the run otherwise
 */
public record InstructOptions(
        long seed, Set<SampleKind> kinds, int concurrency, boolean skipsBadLines) {

    private static final int MOST_AT_ONCE = 256;

    public InstructOptions {
        kinds = Set.copyOf(kinds);
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("kinds is empty and must have one at least");
        }
        if (concurrency < 1 || concurrency > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    "concurrency is %d and must be from 1 to %d"
                            .formatted(concurrency, MOST_AT_ONCE));
        }
    }
}
