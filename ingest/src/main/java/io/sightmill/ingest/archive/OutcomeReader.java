package io.sightmill.ingest.archive;

import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what became of requests: everything committed since the beginning of the outcome topics,
 * then what comes. It belongs to no consumer group and leaves no trace. One thread.
 */
public final class OutcomeReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeReader.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final RecordCodec<Answer> answers = RecordCodec.of(Answer.class);
    private final RecordCodec<AnswerChunk> chunks = RecordCodec.of(AnswerChunk.class);
    private final RecordCodec<Embedding> embeddings = RecordCodec.of(Embedding.class);
    private final RecordCodec<Rejection> rejections = RecordCodec.of(Rejection.class);
    private final Consumer<byte[], byte[]> consumer;
    private final OutcomeTopics topics;
    private final OutcomeListener listener;
    private final InstantSource clock;

    OutcomeReader(
            Consumer<byte[], byte[]> consumer,
            OutcomeTopics topics,
            OutcomeListener listener,
            InstantSource clock) {
        this.consumer = consumer;
        this.topics = topics;
        this.listener = listener;
        this.clock = clock;
        List<TopicPartition> partitions = partitions(consumer, topics);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Opens a reader at the beginning of the topics.
     *
     * @throws IllegalStateException if one of the topics does not exist
     * @throws TimeoutException if no broker answers
     */
    public static OutcomeReader open(
            String bootstrapServers, OutcomeTopics topics, OutcomeListener listener) {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        try {
            return new OutcomeReader(consumer, topics, listener, InstantSource.system());
        } catch (RuntimeException exception) {
            consumer.close();
            throw exception;
        }
    }

    /**
     * Returns when everything that was committed before the call was handed to the listener.
     *
     * @throws TimeoutException if that takes longer
     */
    public void catchUp(Duration timeout) {
        Instant end = clock.instant().plus(timeout);
        // To a reader of committed records, the end is where the first open transaction begins.
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(this::isAhead)) {
            if (clock.instant().isAfter(end)) {
                throw new TimeoutException(
                        "could not read " + topics.all() + " to their ends within " + timeout);
            }
            poll(POLL);
        }
    }

    /**
     * Hands what comes within the timeout to the listener; returns as soon as something came.
     *
     * @return how many records came
     */
    public int poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
        records.forEach(this::handOver);
        return records.count();
    }

    /** To be called by the thread that reads. */
    @Override
    public void close() {
        consumer.close();
    }

    private boolean isAhead(Map.Entry<TopicPartition, Long> end) {
        return consumer.position(end.getKey()) < end.getValue();
    }

    private void handOver(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(topics.answers())) {
                listener.onAnswer(answers.decode(record.value()));
            } else if (record.topic().equals(topics.embeddings())) {
                listener.onEmbedding(embeddings.decode(record.value()));
            } else if (topics.answerChunks().filter(record.topic()::equals).isPresent()) {
                listener.onAnswerChunk(chunks.decode(record.value()));
            } else {
                listener.onRejection(rejections.decode(record.value()));
            }
        } catch (UndecodableRecordException exception) {
            String where = record.topic() + "-" + record.partition() + "@" + record.offset();
            LOG.warn("passed over {}: {}", where, exception.getMessage());
            listener.onUndecodable(where, exception);
        }
    }

    private static List<TopicPartition> partitions(
            Consumer<byte[], byte[]> consumer, OutcomeTopics topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics.all()) {
            List<PartitionInfo> found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new IllegalStateException(
                        "topic " + topic + " does not exist; create it before it is read");
            }
            found.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        return partitions;
    }
}
