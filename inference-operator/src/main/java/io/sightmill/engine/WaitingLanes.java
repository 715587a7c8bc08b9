package io.sightmill.engine;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The sequences that wait for admission: a queue a lane, first come first served. */
final class WaitingLanes {

    private final Map<Lane, Map<SequenceId, WaitingSequence>> lanes = new EnumMap<>(Lane.class);
    private final LaneTurns turns = new LaneTurns();

    WaitingLanes() {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LinkedHashMap<>());
        }
    }

    void add(WaitingSequence sequence) {
        lanes.get(sequence.request().lane()).put(sequence.request().id(), sequence);
    }

    int size(Lane lane) {
        return lanes.get(lane).size();
    }

    boolean isEmpty() {
        return lanes.values().stream().allMatch(Map::isEmpty);
    }

    boolean contains(SequenceId id) {
        return lanes.values().stream().anyMatch(lane -> lane.containsKey(id));
    }

    /**
     * Takes the sequence whose turn it is, if it fits. If it does not, nobody goes in its place: a
     * large sequence would otherwise wait for as long as small ones come.
     */
    Optional<WaitingSequence> pollIf(Predicate<SequenceRequest> fits) {
        if (isEmpty()) {
            return Optional.empty();
        }
        boolean bulkWaits = size(Lane.BULK) > 0;
        Lane lane = turns.next(size(Lane.LIVE) > 0, bulkWaits);
        Iterator<WaitingSequence> queue = lanes.get(lane).values().iterator();
        WaitingSequence head = queue.next();
        if (!fits.test(head.request())) {
            return Optional.empty();
        }
        queue.remove();
        turns.took(lane, bulkWaits);
        return Optional.of(head);
    }

    /** Removes and gives those for which the condition holds, in order within each lane. */
    List<WaitingSequence> remove(Predicate<SequenceRequest> condition) {
        List<WaitingSequence> removed =
                lanes.values().stream()
                        .flatMap(lane -> lane.values().stream())
                        .filter(sequence -> condition.test(sequence.request()))
                        .toList();
        for (WaitingSequence sequence : removed) {
            lanes.get(sequence.request().lane()).remove(sequence.request().id());
        }
        return removed;
    }
}
