package io.sightmill.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.schema.Embedding;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.codec.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outcomes are handed over in order, from the beginning, and a broken one is passed over. */
class OutcomeReaderTest {

    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final OutcomeTopics TOPICS =
            new OutcomeTopics("answers", "embeddings", "rejections");

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final SeenOutcomes seen = new SeenOutcomes();

    @BeforeEach
    void createTopics() {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (String topic : TOPICS.all()) {
            PartitionInfo partition = new PartitionInfo(topic, 0, null, null, null);
            consumer.updatePartitions(topic, List.of(partition));
            beginnings.put(new TopicPartition(topic, 0), 0L);
        }
        consumer.updateBeginningOffsets(beginnings);
        consumer.updateEndOffsets(beginnings);
    }

    @Test
    void handsOverWhatIsThereWhenItCatchesUp() {
        OutcomeReader reader = reader(InstantSource.fixed(NOW));
        add("embeddings", 0, encode(embedding("request-1")));
        add("rejections", 0, encode(rejection("request-2")));
        add("rejections", 1, encode(rejection(null)));

        reader.catchUp(Duration.ofSeconds(1));

        assertThat(seen.embeddings()).containsExactly("request-1");
        assertThat(seen.rejections()).containsExactly("request-2", null);
    }

    @Test
    void returnsAtOnceFromEmptyTopics() {
        reader(InstantSource.fixed(NOW)).catchUp(Duration.ZERO);

        assertThat(seen.rejections()).isEmpty();
    }

    @Test
    void followsAfterItHasCaughtUp() {
        OutcomeReader reader = reader(InstantSource.fixed(NOW));
        reader.catchUp(Duration.ofSeconds(1));
        add("rejections", 0, encode(rejection("request-1")));

        int count = reader.poll(Duration.ZERO);

        assertThat(count).isEqualTo(1);
        assertThat(seen.rejections()).containsExactly("request-1");
    }

    @Test
    void passesOverWhatCannotBeDecodedAndSaysWhere() {
        OutcomeReader reader = reader(InstantSource.fixed(NOW));
        add("rejections", 0, new byte[] {1, 2});
        add("rejections", 1, encode(rejection("request-1")));

        reader.catchUp(Duration.ofSeconds(1));

        assertThat(seen.undecodable()).containsExactly("rejections-0@0");
        assertThat(seen.rejections()).containsExactly("request-1");
    }

    @Test
    void givesUpCatchingUpWhenTheTimeIsOver() {
        OutcomeReader reader = reader(new TickingClock());
        consumer.updateEndOffsets(Map.of(new TopicPartition("answers", 0), 5L));

        assertThatThrownBy(() -> reader.catchUp(Duration.ofSeconds(3)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("within PT3S");
    }

    @Test
    void namesATopicThatDoesNotExist() {
        OutcomeTopics topics = new OutcomeTopics("answers", "missing", "rejections");

        assertThatThrownBy(
                        () -> new OutcomeReader(consumer, topics, seen, InstantSource.fixed(NOW)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("topic missing does not exist; create it before it is read");
    }

    private OutcomeReader reader(InstantSource clock) {
        return new OutcomeReader(consumer, TOPICS, seen, clock);
    }

    private void add(String topic, long offset, byte[] value) {
        consumer.addRecord(new ConsumerRecord<>(topic, 0, offset, null, value));
        consumer.updateEndOffsets(Map.of(new TopicPartition(topic, 0), offset + 1));
    }

    private static byte[] encode(Rejection rejection) {
        return RecordCodec.of(Rejection.class).encode(rejection);
    }

    private static byte[] encode(Embedding embedding) {
        return RecordCodec.of(Embedding.class).encode(embedding);
    }

    private static Rejection rejection(String requestId) {
        return Rejection.newBuilder()
                .setRequestId(requestId)
                .setStage(Stage.READ)
                .setReason(Reason.TOO_LARGE)
                .setMessage("too large")
                .setRejectedAt(NOW)
                .build();
    }

    private static Embedding embedding(String requestId) {
        return Embedding.newBuilder()
                .setRequestId(requestId)
                .setTaskId("embed")
                .setImageSha256("0".repeat(64))
                .setSource("projector-mean")
                .setVector(List.of(1f))
                .build();
    }

    /** A second later each time somebody looks. */
    private static final class TickingClock implements InstantSource {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            now = now.plusSeconds(1);
            return now;
        }
    }
}
