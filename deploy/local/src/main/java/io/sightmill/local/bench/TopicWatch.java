package io.sightmill.local.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Tells of every record of some topics as it becomes visible, on a thread of its own. */
final class TopicWatch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    /** Hears of a record when it is read. */
    interface Listener {

        /**
         * @param nanoTime when it came, by {@link System#nanoTime()}
         */
        void onRecord(ConsumerRecord<byte[], byte[]> record, long nanoTime);
    }

    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean closing;
    private volatile Throwable failure;

    private TopicWatch(Consumer<byte[], byte[]> consumer, Listener listener) {
        this.consumer = consumer;
        this.thread = new Thread(() -> run(listener), "sightmill-bench-watch");
        thread.setDaemon(true);
    }

    /**
     * Watches what comes from now on, once it is started.
     *
     * @param committedOnly whether records in open transactions are waited for
     */
    static TopicWatch of(
            String bootstrapServers,
            List<String> topics,
            boolean committedOnly,
            Listener listener) {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                committedOnly ? "read_committed" : "read_uncommitted",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                topics.stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(each -> new TopicPartition(each.topic(), each.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return new TopicWatch(consumer, listener);
    }

    /** From now on the listener hears of records, those since the watch was made included. */
    void start() {
        thread.start();
    }

    /**
     * Whether it still hears of records.
     *
     * @return true
     * @throws IllegalStateException if the broker or the listener has ended it
     */
    boolean requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("the watch of the topics has ended", failure);
        }
        return true;
    }

    private void run(Listener listener) {
        try (consumer) {
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    listener.onRecord(record, System.nanoTime());
                }
            }
        } catch (WakeupException closed) {
            // That is how close() ends a poll.
        } catch (Throwable cause) {
            failure = cause;
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(POLL.multipliedBy(50).toMillis());
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
    }
}
