package io.sightmill.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The sequences that wait for admission: a queue a lane, in the order in which they were submitted.
 */
final class WaitingLanes {

    private final Map<Lane, Deque<WaitingSequence>> lanes = new EnumMap<>(Lane.class);
    private final Set<SequenceId> ids = new HashSet<>();

    WaitingLanes() {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new ArrayDeque<>());
        }
    }

    /** Takes one that was submitted after all the others. */
    void add(WaitingSequence sequence) {
        queue(sequence).addLast(sequence);
        ids.add(sequence.request().id());
    }

    /** Takes one back that was submitted before all the others of its lane that wait. */
    void putBack(WaitingSequence sequence) {
        queue(sequence).addFirst(sequence);
        ids.add(sequence.request().id());
    }

    int size(Lane lane) {
        return lanes.get(lane).size();
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    boolean contains(SequenceId id) {
        return ids.contains(id);
    }

    /** Everybody, in order within each lane. */
    List<WaitingSequence> all() {
        return lanes.values().stream().flatMap(Deque::stream).toList();
    }

    /** The requests of those that may share a prefix. */
    Stream<SequenceRequest> of(PrefixGroup group) {
        return lanes.get(group.lane()).stream()
                .map(WaitingSequence::request)
                .filter(request -> request.requestId().equals(group.requestId()))
                .filter(request -> request.tenant().equals(group.tenant()));
    }

    /** The first of a lane, who waits on. */
    Optional<WaitingSequence> head(Lane lane) {
        return Optional.ofNullable(lanes.get(lane).peekFirst());
    }

    /** Takes the first of a lane out. */
    WaitingSequence take(Lane lane) {
        WaitingSequence head = lanes.get(lane).removeFirst();
        ids.remove(head.request().id());
        return head;
    }

    /** Removes and gives those for which the condition holds, in order within each lane. */
    List<WaitingSequence> remove(Predicate<SequenceRequest> condition) {
        List<WaitingSequence> removed = new ArrayList<>();
        for (Deque<WaitingSequence> lane : lanes.values()) {
            lane.removeIf(sequence -> condition.test(sequence.request()) && removed.add(sequence));
        }
        removed.forEach(sequence -> ids.remove(sequence.request().id()));
        return removed;
    }

    private Deque<WaitingSequence> queue(WaitingSequence sequence) {
        return lanes.get(sequence.request().lane());
    }
}
