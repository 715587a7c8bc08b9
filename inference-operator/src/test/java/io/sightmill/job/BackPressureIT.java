package io.sightmill.job;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.bytes;
import static io.sightmill.flink.Requests.image;
import static io.sightmill.flink.Requests.request;
import static io.sightmill.job.JobUnderTest.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is slower than the engine slows it down, costs no memory, and loses nothing. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BackPressureIT {

    private static final int REQUESTS = 200;

    /**
     * More than fits between the operator and a sink: Flink's network buffers hold some answers.
     */
    private static final int FLOOD = 4_000;

    private static final int IN_FLIGHT = 4;

    private static final int IMAGE_BYTES = 16 << 10;

    /** Half of what the flood weighs; a consumer may fetch 16 MiB ahead of the operator. */
    private static final long MOST_HEAP = FLOOD * (long) IMAGE_BYTES / 2;

    @TempDir private Path directory;

    private final String run = "pressure-" + UUID.randomUUID();

    private EmbeddedBroker broker;
    private KafkaCluster kafka;

    /** A broker of their own: another job's open transaction would hide what these jobs commit. */
    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
        kafka = KafkaCluster.at(broker.bootstrapServers());
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void aSinkThatTakesNothingHoldsTheSourceBack() throws Exception {
        HeldSink sink = new HeldSink(run);
        Destinations bulk = new Destinations(Map.of("held", sink), Map.of(), Map.of());
        Sinks sinks = new Sinks(Destinations.none(), bulk, Destinations.none(), Map.of());
        try (JobUnderTest job =
                JobUnderTest.start(
                        kafka,
                        directory.resolve("checkpoints"),
                        sinks,
                        "--max-in-flight-requests",
                        Integer.toString(IN_FLIGHT))) {
            long heapBefore = heapInUse();
            send(kafka, FLOOD);

            await().atMost(PATIENCE).until(() -> sink.control().permits().hasQueuedThreads());
            // Nobody moves while the sink takes nothing.
            int heldBack = standsStill(() -> job.model().preprocessedRequests());
            assertThat(heldBack).isLessThan(FLOOD / 2);
            assertThat(heapInUse() - heapBefore).as("heap while held").isLessThan(MOST_HEAP);
            sink.control().permits().release(10);
            await().atMost(PATIENCE).until(() -> sink.control().written().size() == 10);
            assertThat(standsStill(() -> job.model().preprocessedRequests())).isLessThan(FLOOD / 2);

            sink.control().permits().release(FLOOD);
            await().atMost(PATIENCE).until(() -> sink.control().written().size() == FLOOD);
            assertThat(sink.control().written())
                    .extracting(Answer::getRequestId)
                    .containsExactlyInAnyOrderElementsOf(ids(FLOOD));
        }
    }

    @Test
    void aStoppedBrokerIsWaitedFor() throws Exception {
        try (JobUnderTest job =
                JobUnderTest.start(
                        kafka,
                        directory.resolve("checkpoints"),
                        "--checkpoint-interval",
                        "200ms",
                        "--max-in-flight-requests",
                        Integer.toString(IN_FLIGHT))) {
            job.model().stepTakes(Duration.ofMillis(2));
            send(kafka, REQUESTS);
            await().atMost(PATIENCE).until(() -> answers(job).size() >= 10);

            broker.close();
            // With answers that cannot leave, the engine stands still before long.
            standsStill(() -> job.model().decodedTokens());
            broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));

            await().atMost(PATIENCE).until(() -> answers(job).size() >= REQUESTS);
            assertThat(answers(job)).containsExactlyInAnyOrderElementsOf(ids(REQUESTS));
        }
    }

    /** Waits until a count stays the same for a second, and says what it is. */
    private static int standsStill(IntSupplier count) {
        AtomicInteger last = new AtomicInteger(-1);
        await().pollInterval(Duration.ofSeconds(1))
                .atMost(PATIENCE)
                .until(
                        () -> {
                            int now = count.getAsInt();
                            return last.getAndSet(now) == now;
                        });
        return last.get();
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void send(KafkaCluster kafka, int count) {
        kafka.produce(
                ids(count).stream()
                        .map(
                                id ->
                                        new ProducerRecord<byte[], byte[]>(
                                                Topics.REQUESTS_BULK, bytes(large(id))))
                        .toList());
    }

    private static VisionRequest large(String id) {
        VisionRequest request = request(id, ask("t", "why", 8));
        request.setImages(List.of(image(".".repeat(IMAGE_BYTES))));
        return request;
    }

    private List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(index -> run + "-" + index).toList();
    }

    private List<String> answers(JobUnderTest job) {
        return job.committed(Topics.ANSWERS, Answer.class).stream()
                .map(Answer::getRequestId)
                .filter(id -> id.startsWith(run))
                .toList();
    }
}
