package io.sightmill.broker.testing;

import io.sightmill.broker.TopicCreation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A running Kafka and what tests do with one. Thread-safe. */
public final class KafkaCluster implements AutoCloseable {

    private static final int MAX_REQUEST_BYTES = 64 << 20;

    private static final Duration POLL = Duration.ofMillis(100);

    private final RunningKafka kafka;

    KafkaCluster(RunningKafka kafka) {
        this.kafka = kafka;
    }

    /** A Kafka that somebody else starts and stops. */
    public static KafkaCluster at(String bootstrapServers) {
        return new KafkaCluster(
                new RunningKafka() {
                    @Override
                    public String bootstrapServers() {
                        return bootstrapServers;
                    }

                    @Override
                    public void close() {
                        // Not ours.
                    }
                });
    }

    /** Where clients connect: host and port. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** A name for a topic, a group or a transactional id that no other test has. */
    public static String uniqueName(String prefix) {
        return prefix + "-" + UUID.randomUUID();
    }

    /** Creates a topic of its own for a test and returns its name. */
    public String createUniqueTopic(String prefix, int partitions) {
        String name = uniqueName(prefix);
        createTopic(name, partitions);
        return name;
    }

    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates the topic if it does not exist, with settings under Kafka's names. */
    public void createTopic(String name, int partitions, Map<String, String> settings) {
        NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(settings);
        TopicCreation.createMissing(bootstrapServers(), List.of(topic));
    }

    /** Writes one record, key and value may be null, and returns when the broker has it. */
    public void produce(String topic, String key, byte[] value) {
        produce(
                List.of(
                        new ProducerRecord<>(
                                topic,
                                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                                value)));
    }

    /** Writes the records in order and returns when the broker has them all. */
    public void produce(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> configuration =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_REQUEST_BYTES,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        (long) MAX_REQUEST_BYTES);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        configuration, new ByteArraySerializer(), new ByteArraySerializer())) {
            var pending = records.stream().map(producer::send).toList();
            for (var acknowledgement : pending) {
                acknowledgement.get();
            }
        } catch (InterruptedException | ExecutionException exception) {
            throw new AssertionError("cannot produce to " + bootstrapServers(), exception);
        }
    }

    /**
     * The committed records of the topic from its beginning, partition by partition in order of
     * arrival: returns as soon as there are as many as asked for (with what came in the same poll),
     * or when the time is up with what there is by then, for the test to judge.
     */
    public List<ConsumerRecord<byte[], byte[]>> readCommitted(
            String topic, int atLeast, Duration timeout) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Consumer<byte[], byte[]> consumer = committedReader(topic)) {
            while (records.size() < atLeast && System.nanoTime() - deadline < 0) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    /** All committed records that the topic holds now, without waiting for more. */
    public List<ConsumerRecord<byte[], byte[]>> readAllCommitted(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = committedReader(topic)) {
            // To a reader of committed records the end is where the first open transaction begins.
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    private Consumer<byte[], byte[]> committedReader(String topic) {
        Map<String, Object> configuration =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        MAX_REQUEST_BYTES);
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** Called by the extension when the last test of the JVM is done. */
    @Override
    public void close() {
        kafka.close();
    }
}
