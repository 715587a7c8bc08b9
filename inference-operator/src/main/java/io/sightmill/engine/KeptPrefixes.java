package io.sightmill.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sequences that have ended and whose keys and values stay for the tasks of their record that have
 * not begun: with fewer places than a record has tasks, each would run the whole prompt again. One
 * a record, and only while no running task has as much. They keep what they had reserved of the KV
 * budget, and give it up before anybody has to wait or give way for it.
 */
final class KeptPrefixes {

    private final WaitingLanes waiting;
    private final ChunkBorders borders;

    /** The oldest first. */
    private final Map<PrefixGroup, Sequence> kept = new LinkedHashMap<>();

    KeptPrefixes(WaitingLanes waiting, ChunkBorders borders) {
        this.waiting = waiting;
        this.borders = borders;
    }

    /** What there is, at most one a record. */
    Map<PrefixGroup, Sequence> all() {
        return kept;
    }

    /**
     * Keeps a sequence that has ended, if a task of its record gains by it.
     *
     * @param running those that run on
     * @return the one whose memory is free now: this one, or one in whose place it is kept
     */
    Optional<Sequence> keep(Sequence ended, Collection<Sequence> running) {
        PrefixGroup group = PrefixGroup.of(ended.request());
        List<Sequence> others = new ArrayList<>(siblings(group, running));
        Optional.ofNullable(kept.get(group)).ifPresent(others::add);
        if (!isNeeded(ended, group, others)) {
            return Optional.of(ended);
        }
        return Optional.ofNullable(kept.put(group, ended));
    }

    /** Takes out those from which nobody gains any more. */
    List<Sequence> takeUnneeded(Collection<Sequence> running) {
        List<Sequence> unneeded = new ArrayList<>();
        kept.forEach(
                (group, sequence) -> {
                    if (!isNeeded(sequence, group, siblings(group, running))) {
                        unneeded.add(sequence);
                    }
                });
        kept.values().removeAll(unneeded);
        return unneeded;
    }

    /** Takes out the oldest, that of a sequence's own record last; there must be one. */
    Sequence takeFor(SequenceRequest request) {
        PrefixGroup own = PrefixGroup.of(request);
        PrefixGroup first =
                kept.keySet().stream().filter(group -> !group.equals(own)).findFirst().orElse(own);
        return kept.remove(first);
    }

    /** Takes out the one of this id, which another sequence is about to have. */
    Optional<Sequence> take(SequenceId id) {
        Optional<Sequence> found =
                kept.values().stream().filter(sequence -> sequence.id().equals(id)).findFirst();
        found.ifPresent(kept.values()::remove);
        return found;
    }

    /** Whether a task that has not begun can take more from it than from any of the others. */
    private boolean isNeeded(Sequence owner, PrefixGroup group, List<Sequence> others) {
        Stream<Prompt> begins =
                others.stream().filter(each -> each.prefilledTokens() == 0).map(Sequence::prefill);
        Stream<Prompt> waits =
                waiting.of(group)
                        .filter(each -> each.task().kind() != TaskKind.EMBED)
                        .map(each -> each.task().prompt());
        return Stream.concat(begins, waits)
                .anyMatch(
                        prompt -> borders.available(owner, prompt) > mostAvailable(others, prompt));
    }

    private int mostAvailable(List<Sequence> owners, Prompt prompt) {
        return owners.stream().mapToInt(owner -> borders.available(owner, prompt)).max().orElse(0);
    }

    private static List<Sequence> siblings(PrefixGroup group, Collection<Sequence> running) {
        return running.stream()
                .filter(each -> each.task().kind() != TaskKind.EMBED)
                .filter(each -> PrefixGroup.of(each.request()).equals(group))
                .toList();
    }
}
