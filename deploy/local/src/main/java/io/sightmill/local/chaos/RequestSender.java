package io.sightmill.local.chaos;

import io.sightmill.schema.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends the requests of a run a few at a time, so that ingest has work to the end. Used by one
 * thread.
 */
final class RequestSender implements AutoCloseable {

    /** A producer gives a record up no sooner than the broker can have come back. */
    private static final int DELIVERY_TIMEOUT_MILLIS = 300_000;

    private final KafkaProducer<String, byte[]> producer;
    private final String run;
    private final Deque<ChaosRequest> unsent;
    private final Map<ChaosRequest, Long> unfinished = new LinkedHashMap<>();
    private final NavigableMap<Long, Long> endedBySending = new TreeMap<>();
    private Duration longestAnswer = Duration.ZERO;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    RequestSender(String bootstrapServers, String run, List<ChaosRequest> requests) {
        this.run = run;
        this.unsent = new ArrayDeque<>(requests);
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                DELIVERY_TIMEOUT_MILLIS),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Sends more while fewer than so many are unfinished.
     *
     * @param kept how many are kept back, and go one after the other when nothing else is left
     */
    void sendUpTo(int most, int kept, OutcomeLedger ledger) {
        if (failure.get() != null) {
            throw new IllegalStateException("a request could not be sent", failure.get());
        }
        unfinished.entrySet().removeIf(entry -> hasEnded(entry.getKey(), entry.getValue(), ledger));
        while (unfinished.size() < most && unsent.size() > (unfinished.isEmpty() ? 0 : kept)) {
            ChaosRequest request = unsent.remove();
            String name = run + request.name();
            producer.send(
                    new ProducerRecord<>(Topics.REQUESTS, name, request.content().apply(name)),
                    (metadata, exception) -> failure.compareAndSet(null, exception));
            unfinished.put(request, System.nanoTime());
        }
    }

    private boolean hasEnded(ChaosRequest request, long sentAt, OutcomeLedger ledger) {
        if (!ledger.isComplete(request)) {
            return false;
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - sentAt);
        long now = System.currentTimeMillis();
        endedBySending.merge(now - taken.toMillis(), now, Math::min);
        longestAnswer = taken.compareTo(longestAnswer) > 0 ? taken : longestAnswer;
        return true;
    }

    /** The longest time from sending a request to its last outcome. */
    Duration longestAnswer() {
        return longestAnswer;
    }

    /**
     * When the first of the requests that were sent after a time had all its outcomes, if one has;
     * milliseconds since 1970.
     */
    OptionalLong endOfRequestSentAfter(long time) {
        return endedBySending.tailMap(time, false).values().stream()
                .mapToLong(Long::longValue)
                .min();
    }

    /** Whether every request has been sent and has all its outcomes. */
    boolean isDone() {
        return unsent.isEmpty() && unfinished.isEmpty();
    }

    /** Names of those that wait for outcomes. */
    List<String> waiting() {
        return unfinished.keySet().stream().map(ChaosRequest::name).toList();
    }

    @Override
    public void close() {
        producer.close();
    }
}
