package io.sightmill.local.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How many records came in each topic, and when the last one did. Thread-safe. */
final class TopicTimes implements TopicWatch.Listener {

    private static final long LOOK_MILLIS = 20;

    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Long> lastNanos = new HashMap<>();

    @Override
    public synchronized void onRecord(ConsumerRecord<byte[], byte[]> record, long nanoTime) {
        counts.merge(record.topic(), 1, Integer::sum);
        lastNanos.put(record.topic(), nanoTime);
        notifyAll();
    }

    synchronized int count(String topic) {
        return counts.getOrDefault(topic, 0);
    }

    /** By {@link System#nanoTime()}. */
    synchronized long last(String topic) {
        return lastNanos.get(topic);
    }

    /**
     * Returns when the topic has had this many records.
     *
     * @param goOn asked now and then; false ends the waiting
     */
    synchronized void await(String topic, int records, BooleanSupplier goOn) {
        while (count(topic) < records && goOn.getAsBoolean()) {
            try {
                wait(LOOK_MILLIS);
            } catch (InterruptedException exception) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while measuring", exception);
            }
        }
    }
}
