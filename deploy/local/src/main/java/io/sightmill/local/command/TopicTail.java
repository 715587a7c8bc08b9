package io.sightmill.local.command;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The end of a topic as readers of committed records see it. Used by one thread. */
final class TopicTail implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicTail(String bootstrapServers, String topic) {
        this.consumer = consumer(bootstrapServers);
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            consumer.close();
            throw new CommandFailedException(
                    "there is no topic " + topic + " at " + bootstrapServers);
        }
        consumer.assign(
                partitions.stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
        Map<String, Object> configuration =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false);
        return new KafkaConsumer<>(
                configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The last records of each partition, oldest first. Offsets also count the markers of
     * transactions, so the last records are found by reading from further and further back.
     */
    void last(long records, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Deque<ConsumerRecord<byte[], byte[]>> all = new ArrayDeque<>();
        for (TopicPartition partition : consumer.assignment()) {
            all.addAll(last(partition, records));
        }
        all.stream()
                .sorted(Comparator.comparingLong(ConsumerRecord::timestamp))
                .forEachOrdered(reader);
        consumer.seekToEnd(consumer.assignment());
        consumer.assignment().forEach(consumer::position);
    }

    private Deque<ConsumerRecord<byte[], byte[]>> last(TopicPartition partition, long records) {
        long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        long reach = records;
        Deque<ConsumerRecord<byte[], byte[]>> found =
                read(partition, Math.max(begin, end - reach), end, records);
        while (found.size() < records && end - reach > begin) {
            reach *= 4;
            found = read(partition, Math.max(begin, end - reach), end, records);
        }
        return found;
    }

    private Deque<ConsumerRecord<byte[], byte[]>> read(
            TopicPartition partition, long from, long to, long most) {
        Deque<ConsumerRecord<byte[], byte[]>> found = new ArrayDeque<>();
        consumer.pause(consumer.assignment());
        consumer.resume(List.of(partition));
        consumer.seek(partition, from);
        while (consumer.position(partition) < to) {
            for (ConsumerRecord<byte[], byte[]> kept : consumer.poll(POLL).records(partition)) {
                if (kept.offset() < to) {
                    found.add(kept);
                }
                if (found.size() > most) {
                    found.remove();
                }
            }
        }
        consumer.resume(consumer.assignment());
        return found;
    }

    /** What was committed since the last call; waits a moment for it. */
    void next(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.poll(POLL).forEach(reader);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
