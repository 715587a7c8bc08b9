package io.sightmill.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import io.sightmill.schema.Answer;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Provenance;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.Timings;
import io.sightmill.schema.Usage;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An archive goes into a real Kafka, and what became of it comes back. */
@ExtendWith(KafkaExtension.class)
class ArchiveIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaCluster kafka;
    private final SeenOutcomes seen = new SeenOutcomes();
    @TempDir private Path folder;
    private PublisherOptions options;
    private OutcomeTopics topics;

    ArchiveIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void createTopics() {
        topics =
                new OutcomeTopics(
                        kafka.createUniqueTopic("answers", 2),
                        kafka.createUniqueTopic("embeddings", 1),
                        kafka.createUniqueTopic("rejections", 1));
        String requests = KafkaCluster.uniqueName("requests");
        kafka.createTopic(requests, 2, Map.of("max.message.bytes", Integer.toString(64 << 20)));
        options =
                PublisherOptions.to(kafka.bootstrapServers())
                        .withTopics(requests, topics.rejections());
    }

    @Test
    void publishesAFolderWithItsLargestImageAndTheRejectionOfWhatIsMissing() throws IOException {
        Files.write(folder.resolve("a.png"), new byte[] {1});
        Files.write(folder.resolve("b.png"), new byte[32 << 20]);
        Path missing = folder.resolve("missing.png");
        RequestFactory factory =
                new RequestFactory(CaptionOptions.of("tiny", ""), InstantSource.system());

        try (RequestPublisher publisher = RequestPublisher.open(options)) {
            List<CompletableFuture<Void>> published =
                    ImageFolder.of(List.of(folder, missing))
                            .images()
                            .map(factory::read)
                            .map(publisher::publish)
                            .toList();
            publisher.flush();

            assertThat(published).allSatisfy(done -> assertThat(done).isCompleted());
            assertThat(publisher.acknowledged()).isEqualTo(3);
        }

        assertThat(kafka.readAllCommitted(options.requests()))
                .extracting(
                        record ->
                                RecordCodec.of(VisionRequest.class)
                                        .decode(record.value())
                                        .getAttributes()
                                        .get("path"))
                .containsExactlyInAnyOrder(
                        folder.resolve("a.png").toString(), folder.resolve("b.png").toString());
        try (OutcomeReader reader = open()) {
            reader.catchUp(PATIENCE);
        }
        assertThat(seen.rejections()).containsExactly(factory.read(missing).requestId());
    }

    @Test
    void seesOnlyWhatIsCommittedAndThenFollows() {
        try (OutcomeReader reader = open();
                Producer<byte[], byte[]> producer = transactionalProducer()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(answer("committed"));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(answer("aborted"));
            producer.flush();
            reader.catchUp(PATIENCE);
            assertThat(seen.answers()).containsExactly("committed");

            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(answer("later"));
            producer.commitTransaction();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (seen.answers().size() < 2 && System.nanoTime() - end < 0) {
                reader.poll(Duration.ofMillis(100));
            }

            assertThat(seen.answers()).containsExactly("committed", "later");
        }
    }

    @Test
    void namesAnOutcomeTopicThatDoesNotExist() {
        topics = new OutcomeTopics(topics.answers(), "not-there", topics.rejections());

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("topic not-there does not exist");
    }

    private OutcomeReader open() {
        return OutcomeReader.open(kafka.bootstrapServers(), topics, seen);
    }

    private Producer<byte[], byte[]> transactionalProducer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, KafkaCluster.uniqueName("answers")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private ProducerRecord<byte[], byte[]> answer(String requestId) {
        String digest = "0".repeat(64);
        Answer answer =
                Answer.newBuilder()
                        .setRequestId(requestId)
                        .setTaskId("caption")
                        .setKind(TaskKind.CAPTION)
                        .setText("a photo")
                        .setFinishReason(FinishReason.STOP)
                        .setUsage(new Usage(1, 2, 0, 3))
                        .setTimings(Timings.newBuilder().build())
                        .setProvenance(new Provenance("tiny", digest, digest, digest, 0L))
                        .build();
        // One partition, so that the order is the one of sending.
        return new ProducerRecord<>(
                topics.answers(), 0, null, RecordCodec.of(Answer.class).encode(answer));
    }
}
