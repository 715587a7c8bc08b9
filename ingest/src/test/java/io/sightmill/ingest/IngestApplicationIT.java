package io.sightmill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Instruction;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Ingest against a real Kafka: nothing lost and nothing twice, also across a restart. */
@ExtendWith(KafkaExtension.class)
class IngestApplicationIT {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Enough to be killed in the middle of them. */
    private static final int KILLED_REQUESTS = 20_000;

    private final RecordCodec<VisionRequest> codec = RecordCodec.of(VisionRequest.class);
    private final KafkaCluster kafka;
    @TempDir private Path state;
    private Map<String, String> settings;
    private IngestConfig config;

    IngestApplicationIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void createTopics() {
        settings = settings(KafkaCluster.uniqueName("ingest"));
        config = IngestConfig.of(settings);
        Map<String, String> large = Map.of("max.message.bytes", Integer.toString(64 << 20));
        IngestTopics topics = config.topics();
        kafka.createTopic(topics.requests(), 2, large);
        kafka.createTopic(topics.bulk(), 2, large);
        kafka.createTopic(topics.live(), 2, large);
        kafka.createTopic(topics.instructions(), 1, Map.of("cleanup.policy", "compact"));
        kafka.createTopic(topics.rejections(), 1);
    }

    @Test
    void losesNothingAndRepeatsNothingAcrossRestarts() throws IOException {
        publish(0, 300);
        try (IngestApplication first = start()) {
            assertThat(first.isRunning()).isTrue();
            awaitBulk(100);
            // Closed here with records still to do, and with more on their way.
            publish(200, 500);
        }
        publish(400, 700);
        try (IngestApplication second = start()) {
            awaitBulk(700);
            publish(650, 750);
            awaitBulk(750);
            assertThat(second.failure()).isEmpty();
        }
        // With its state gone from the disk, the window comes back from Kafka.
        delete(state);
        try (IngestApplication third = start()) {
            publish(0, 760);
            awaitBulk(760);
            assertThat(third.failure()).isEmpty();
        }

        assertThat(committedBulkIds())
                .hasSize(760)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 760).mapToObj(IngestApplicationIT::id).toList());
        assertThat(kafka.readAllCommitted(config.topics().rejections())).isEmpty();
    }

    /** Rejections tell: a repeated request would be hidden by deduplication, they would not. */
    @Test
    void losesNothingAndRepeatsNothingWhenItIsKilled() throws Exception {
        settings.put("commit.interval", "PT0.5S");
        kafka.produce(
                IntStream.range(0, KILLED_REQUESTS)
                        .mapToObj(number -> number % 2 == 0 ? record(number) : bad(number))
                        .toList());
        try (IngestProcess killed = IngestProcess.start(settings)) {
            awaitBulk(1000);
            killed.kill();
        }
        assertThat(committedBulkIds()).hasSizeLessThan(KILLED_REQUESTS / 2);
        try (IngestProcess restarted = IngestProcess.start(settings)) {
            awaitBulk(KILLED_REQUESTS / 2);
            kafka.readCommitted(config.topics().rejections(), KILLED_REQUESTS / 2, PATIENCE);
            restarted.end();
        }

        assertThat(committedBulkIds()).containsExactlyInAnyOrderElementsOf(ids(0));
        assertThat(committedRejectionIds()).containsExactlyInAnyOrderElementsOf(ids(1));
    }

    @Test
    void takesARequestAsLargeAsTheLimitAndAnInstructionThatWasThereBefore() {
        Instruction instruction = new Instruction("safety", List.of(Requests.user("Safe?")), 1L);
        kafka.produce(
                config.topics().instructions(),
                "safety",
                RecordCodec.of(Instruction.class).encode(instruction));
        VisionRequest large =
                Requests.withTask(
                        task -> {
                            task.setMessages(List.of());
                            task.setInstruction("safety");
                        });
        large.setCreatedAt(InstantSource.system().instant());
        ByteBuffer content = ByteBuffer.allocate(config.limits().maxImageBytes());
        large.setImages(List.of(ImageSource.newBuilder().setContent(content).build()));

        kafka.produce(config.topics().requests(), "request-1", codec.encode(large));
        try (IngestApplication application = start()) {
            awaitBulk(1);
            assertThat(application.failure()).isEmpty();
        }

        VisionRequest routed =
                codec.decode(kafka.readAllCommitted(config.topics().bulk()).get(0).value());
        assertThat(routed.getTasks().get(0).getMessages()).isEqualTo(instruction.getMessages());
        assertThat(routed.getImages()).isEqualTo(large.getImages());
    }

    @Test
    void rejectsGarbageAndGoesOn() {
        kafka.produce(config.topics().requests(), null, new byte[] {1, 2, 3});
        kafka.produce(config.topics().requests(), "tombstone", null);
        publish(0, 1);

        try (IngestApplication application = start()) {
            awaitBulk(1);
            assertThat(
                            kafka.readCommitted(config.topics().rejections(), 2, PATIENCE).stream()
                                    .map(record -> decodeRejection(record).getReason().name()))
                    .containsExactly("UNDECODABLE", "UNDECODABLE");
            assertThat(application.failure()).isEmpty();
        }
    }

    @Test
    void saysWhichTopicsAreMissing() {
        IngestConfig elsewhere = IngestConfig.of(settings("elsewhere"));

        assertThatThrownBy(() -> IngestApplication.start(elsewhere, InstantSource.system(), START))
                .isInstanceOf(IngestStartException.class)
                .hasMessageContaining("elsewhere-requests")
                .hasMessageContaining("do not exist on " + kafka.bootstrapServers())
                .hasMessageContaining("create them");
    }

    @Test
    void saysThatNoBrokerAnswers() {
        IngestConfig nowhere = IngestConfig.of("127.0.0.1:1", state);

        assertThatThrownBy(
                        () ->
                                IngestApplication.start(
                                        nowhere, InstantSource.system(), Duration.ofSeconds(1)))
                .isInstanceOf(IngestStartException.class)
                .hasMessageContaining("no broker at 127.0.0.1:1 answered within PT1S");
    }

    private IngestApplication start() {
        return IngestApplication.start(config, InstantSource.system(), START);
    }

    private Map<String, String> settings(String prefix) {
        Map<String, String> settings = new HashMap<>();
        settings.put("application.id", prefix);
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("state.dir", state.toString());
        settings.put("topic.requests", prefix + "-requests");
        settings.put("topic.instructions", prefix + "-instructions");
        settings.put("topic.live", prefix + "-live");
        settings.put("topic.bulk", prefix + "-bulk");
        settings.put("topic.rejections", prefix + "-rejections");
        return settings;
    }

    /** Publishes the requests with these numbers, keyed as senders should. */
    private void publish(int from, int to) {
        kafka.produce(IntStream.range(from, to).mapToObj(this::record).toList());
    }

    private ProducerRecord<byte[], byte[]> record(int number) {
        VisionRequest request = Requests.valid(id(number));
        request.setCreatedAt(InstantSource.system().instant());
        return new ProducerRecord<>(
                config.topics().requests(),
                id(number).getBytes(StandardCharsets.UTF_8),
                codec.encode(request));
    }

    private ProducerRecord<byte[], byte[]> bad(int number) {
        VisionRequest request = Requests.valid(id(number));
        request.setCreatedAt(InstantSource.system().instant());
        request.setImages(List.of());
        return new ProducerRecord<>(config.topics().requests(), null, codec.encode(request));
    }

    /** Every second of the requests of the killed run, from this one on. */
    private static List<String> ids(int first) {
        return IntStream.iterate(first, number -> number < KILLED_REQUESTS, number -> number + 2)
                .mapToObj(IngestApplicationIT::id)
                .toList();
    }

    private static String id(int number) {
        return "request-" + number;
    }

    private void awaitBulk(int records) {
        assertThat(kafka.readCommitted(config.topics().bulk(), records, PATIENCE))
                .hasSizeGreaterThanOrEqualTo(records);
    }

    private List<String> committedBulkIds() {
        return kafka.readAllCommitted(config.topics().bulk()).stream()
                .map(record -> codec.decode(record.value()).getRequestId())
                .toList();
    }

    private List<String> committedRejectionIds() {
        return kafka.readAllCommitted(config.topics().rejections()).stream()
                .map(record -> decodeRejection(record).getRequestId())
                .toList();
    }

    private static Rejection decodeRejection(ConsumerRecord<byte[], byte[]> record) {
        return RecordCodec.of(Rejection.class).decode(record.value());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
