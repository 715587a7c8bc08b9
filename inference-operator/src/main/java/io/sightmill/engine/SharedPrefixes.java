package io.sightmill.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what the tasks of a record have in common: the system prompt and the images before the
 * first word that differs. It is prefilled by the first of them; the others wait for it and take a
 * copy, which their own reservations have room for. What one of them leaves when it ends serves as
 * well, while it is kept ({@link KeptPrefixes}).
 *
 * <p>A prefix ends at a border at which both prompts are cut anyway, so its keys and values have
 * the same bits whoever ran it. Who has to prefill it is decided anew in every step: if that
 * sequence ends early, the next one begins.
 */
final class SharedPrefixes {

    private final ChunkBorders borders;
    private final Map<PrefixGroup, List<Sequence>> records = new HashMap<>();
    private final Map<PrefixGroup, Sequence> kept;

    /**
     * What a sequence that has not begun can take from another.
     *
     * @param positions how many, a border of both prompts; 0 for nothing
     * @param comesLater whether another one ahead is about to have more
     */
    record Found(Optional<Sequence> owner, int positions, boolean comesLater) {

        static final Found NOTHING = new Found(Optional.empty(), 0, false);

        private Found orBetter(Sequence other, int there) {
            return there > positions ? new Found(Optional.of(other), there, false) : this;
        }
    }

    /**
     * @param running in the order of their admission
     * @param kept those that have ended and whose keys and values are still there
     */
    SharedPrefixes(
            ChunkBorders borders, Collection<Sequence> running, Map<PrefixGroup, Sequence> kept) {
        this.borders = borders;
        this.kept = kept;
        for (Sequence sequence : running) {
            if (sequence.task().kind() != TaskKind.EMBED) {
                records.computeIfAbsent(group(sequence), unused -> new ArrayList<>()).add(sequence);
            }
        }
    }

    /** What there is for a sequence; nothing for one that has begun. */
    Found find(Sequence sequence) {
        if (sequence.prefilledTokens() > 0) {
            return Found.NOTHING;
        }
        Found found = Found.NOTHING;
        Sequence ended = kept.get(group(sequence));
        if (ended != null) {
            found = found.orBetter(ended, borders.available(ended, sequence.prefill()));
        }
        int expected = 0;
        boolean ahead = true;
        for (Sequence other : records.getOrDefault(group(sequence), List.of())) {
            if (other == sequence) {
                ahead = false;
                continue;
            }
            int common = borders.common(other.prefill(), sequence.prefill());
            found = found.orBetter(other, Math.min(common, other.prefilledTokens()));
            expected = ahead ? Math.max(expected, common) : expected;
        }
        return expected > found.positions() ? new Found(Optional.empty(), 0, true) : found;
    }

    private static PrefixGroup group(Sequence sequence) {
        return PrefixGroup.of(sequence.request());
    }
}
