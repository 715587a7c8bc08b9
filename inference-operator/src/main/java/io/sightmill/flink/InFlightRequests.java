package io.sightmill.flink;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;

/**
 * The records between arrival and emission: what the operator's checkpoint holds. Owned by the
 * mailbox thread, so a snapshot reads it as it is and never waits for the engine.
 *
 * <p>INVARIANT: bytes() is the sum over all().
 */
final class InFlightRequests {

    private final int maxRequests;
    private final long maxBytes;
    private final Map<Long, InFlightRequest> byArrival = new LinkedHashMap<>();
    private final Map<String, InFlightRequest> byEngineKey = new HashMap<>();
    private long nextArrival;
    private long bytes;

    InFlightRequests(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** Whether the next record has to wait. One record may take the bytes over their bound. */
    boolean isFull() {
        return byArrival.size() >= maxRequests || bytes >= maxBytes;
    }

    boolean isEmpty() {
        return byArrival.isEmpty();
    }

    int size() {
        return byArrival.size();
    }

    /** How many have no token and no result yet. */
    int waiting() {
        return (int) byArrival.values().stream().filter(InFlightRequest::isWaiting).count();
    }

    long bytes() {
        return bytes;
    }

    /** In order of arrival. */
    List<InFlightRequest> all() {
        return List.copyOf(byArrival.values());
    }

    InFlightRequest add(IncomingRecord record) {
        return put(new InFlightRequest(nextArrival, record));
    }

    private InFlightRequest put(InFlightRequest request) {
        byArrival.put(request.arrival(), request);
        nextArrival = request.arrival() + 1;
        bytes += request.bytes();
        return request;
    }

    /** The request that arrived with this number; null if it has left. */
    InFlightRequest arrived(long arrival) {
        return byArrival.get(arrival);
    }

    /** The request with this name in the engine; null if it has left. */
    InFlightRequest inEngine(String key) {
        return byEngineKey.get(key);
    }

    void prepared(InFlightRequest request, PreparedRecord result, String engineKey) {
        request.prepared(result, engineKey);
        byEngineKey.put(engineKey, request);
    }

    void remove(InFlightRequest request) {
        if (byArrival.remove(request.arrival()) != null) {
            byEngineKey.remove(request.engineKey());
            bytes -= request.bytes();
        }
    }

    /** Writes everything in flight, one list element a record so that Flink can redistribute it. */
    void snapshot(ListState<byte[]> state, String weightsSha256) throws Exception {
        List<byte[]> elements = new ArrayList<>(byArrival.size());
        for (InFlightRequest request : byArrival.values()) {
            elements.add(InFlightFormat.write(request, weightsSha256));
        }
        state.update(elements);
    }

    /** Takes what a checkpoint held, however it was spread over subtasks before. */
    void restore(ListState<byte[]> state) throws Exception {
        List<InFlightRequest> restored = new ArrayList<>();
        for (byte[] element : state.get()) {
            restored.add(InFlightFormat.read(element));
        }
        // Elements of several former subtasks may share a number; they are numbered anew.
        restored.sort(Comparator.comparingLong(InFlightRequest::arrival));
        for (InFlightRequest request : restored) {
            put(request.renumbered(nextArrival));
        }
    }

    /**
     * Forgets tokens that another model gave: an answer is one model's from its first token to its
     * last.
     *
     * @return how many were forgotten
     */
    int forgetTokensOfOthersThan(String weightsSha256) {
        return byArrival.values().stream()
                .mapToInt(request -> request.forgetTokensOfOthersThan(weightsSha256))
                .sum();
    }
}
