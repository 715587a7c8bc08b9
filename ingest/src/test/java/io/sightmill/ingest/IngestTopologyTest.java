package io.sightmill.ingest;

import static io.sightmill.ingest.Requests.NOW;
import static io.sightmill.ingest.Requests.inline;
import static io.sightmill.ingest.Requests.valid;
import static io.sightmill.ingest.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Origin;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a record goes, and what is said of one that goes no further. */
class IngestTopologyTest {

    @TempDir private Path state;
    private IngestHarness ingest;

    @BeforeEach
    void start() {
        ingest =
                IngestHarness.in(
                        state,
                        Map.of("limit.request.bytes", "100000", "limit.image.bytes", "90000"));
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    @Test
    void readsAsTheDataPath() {
        Topology topology =
                IngestTopology.build(
                        IngestConfig.of("nowhere:9092", state), Optional.empty(), ingest.clock);

        assertThat(topology.describe().toString().replaceAll("\\s+", " "))
                .contains("requests (topics: [sightmill.requests]) --> decode")
                .contains("decode (stores: []) --> validate, rejections")
                .contains("validate (stores: []) --> resolve, rejections")
                .contains("resolve (stores: []) --> deduplicate, rejections")
                .contains("deduplicate (stores: [request-ids-seen]) --> store")
                .contains("store (stores: []) --> route")
                .contains("route (stores: []) --> bulk, live");
    }

    @Test
    void aLargeImageGoesOnByReferenceAndARepeatIsNotStored(@TempDir Path images) throws Exception {
        VisionRequest request = with(changed -> changed.setImages(List.of(inline(1, 2, 3))));
        try (IngestHarness claiming =
                IngestHarness.in(
                        images.resolve("state"),
                        Map.of(
                                "claim.check.store",
                                images.resolve("store").toString(),
                                "claim.check.bytes",
                                "2"))) {
            claiming.send(request);
            claiming.send(request);

            ImageSource routed = claiming.bulk().get(0).getImages().get(0);
            assertThat(routed.getContent()).isNull();
            assertThat(Files.readAllBytes(Path.of(URI.create(routed.getUri()))))
                    .containsExactly(1, 2, 3);
            assertThat(claiming.rejections()).isEmpty();
        }
    }

    @Test
    void routesABulkRequestToTheBulkTopicUntouched() {
        VisionRequest request = valid("request-1");

        ingest.send(request);

        assertThat(ingest.bulk()).containsExactly(request);
        assertThat(ingest.live()).isEmpty();
        assertThat(ingest.rejections()).isEmpty();
    }

    @Test
    void routesALiveRequestToTheLiveTopic() {
        VisionRequest request = Requests.with(live -> live.setLane(Lane.LIVE));

        ingest.send(request);

        assertThat(ingest.live()).containsExactly(request);
        assertThat(ingest.bulk()).isEmpty();
    }

    @Test
    void keysRequestsByTheirIdWhateverTheSendersKey() {
        ingest.sendBytes("other", encode(valid("request-1")));
        ingest.sendBytes(null, encode(valid("request-2")));

        assertThat(ingest.bulkRecords())
                .extracting(TestRecord::key)
                .containsExactly("request-1", "request-2");
    }

    @Test
    void passesHeadersThroughAndLetsThemDecideNothing() {
        Headers headers =
                new RecordHeaders()
                        .add("traceparent", "00-ab-cd-01".getBytes(StandardCharsets.UTF_8))
                        .add("lane", "LIVE".getBytes(StandardCharsets.UTF_8));

        ingest.send(new TestRecord<>("request-1", encode(valid("request-1")), headers));

        List<TestRecord<String, byte[]>> bulk = ingest.bulkRecords();
        assertThat(bulk).hasSize(1);
        assertThat(IngestHarness.headerText(bulk.get(0).headers(), "traceparent"))
                .isEqualTo("00-ab-cd-01");
        assertThat(ingest.live()).isEmpty();
    }

    @Test
    void stampsRecordsWithItsOwnTime() {
        Instant farFuture = NOW.plusSeconds(1_000_000_000);

        ingest.send(new TestRecord<>("a", encode(valid("request-1")), farFuture));
        ingest.send(new TestRecord<>("b", encode(valid("request-2")), Instant.EPOCH));

        assertThat(ingest.bulkRecords())
                .extracting(TestRecord::getRecordTime)
                .containsExactly(NOW, NOW);
    }

    @Test
    void rejectsBytesThatAreNoRequest() throws Exception {
        byte[] payload = "{\"requestId\": \"a\"}".getBytes(StandardCharsets.UTF_8);

        ingest.send(valid("request-1"));
        ingest.sendBytes("key", payload);

        assertThat(ingest.bulk()).hasSize(1);
        Rejection rejection = ingest.onlyRejection();
        assertThat(rejection.getStage()).isEqualTo(Stage.INGEST);
        assertThat(rejection.getReason()).isEqualTo(Reason.UNDECODABLE);
        assertThat(rejection.getMessage()).contains("lacks the header", "send VisionRequest");
        assertThat(rejection.getOrigin()).isEqualTo(new Origin(Topics.REQUESTS, 0, 1L));
        assertThat(rejection.getRequestId()).isNull();
        assertThat(rejection.getPayload()).isEqualTo(ByteBuffer.wrap(payload));
        assertThat(rejection.getPayloadSha256()).isEqualTo(sha256(payload));
        assertThat(rejection.getRejectedAt()).isEqualTo(NOW);
    }

    @Test
    void rejectsARecordWithoutAValue() {
        ingest.sendBytes("request-1", null);

        Rejection rejection = ingest.onlyRejection();
        assertThat(rejection.getReason()).isEqualTo(Reason.UNDECODABLE);
        assertThat(rejection.getPayload()).isNull();
        assertThat(rejection.getPayloadSha256()).isNull();
    }

    @Test
    void keepsTheFirst64KibibytesOfAPayload() throws Exception {
        byte[] payload = new byte[90_000];
        Arrays.fill(payload, (byte) 7);

        ingest.sendBytes(null, payload);

        Rejection rejection = ingest.onlyRejection();
        assertThat(rejection.getPayload()).isEqualTo(ByteBuffer.wrap(payload, 0, 65_536));
        assertThat(rejection.getPayloadSha256()).isEqualTo(sha256(payload));
    }

    @Test
    void rejectsARecordOverTheSizeLimitWithoutReadingIt() {
        byte[] payload = new byte[100_001];

        ingest.sendBytes(null, payload);

        Rejection rejection = ingest.onlyRejection();
        assertThat(rejection.getReason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejection.getMessage()).contains("100001 bytes", "100000");
    }

    @Test
    void countsHeadersAsPartOfTheRecordAndDropsLargeOnesFromTheRejection() {
        Headers headers = new RecordHeaders().add("large", new byte[100_000]);

        ingest.send(new TestRecord<>("a", encode(valid("request-1")), headers));

        List<TestRecord<String, byte[]>> records = ingest.rejectionRecords();
        assertThat(records).hasSize(1);
        assertThat(records.get(0).headers()).isEmpty();
    }

    @Test
    void keysARejectionByTheRequestAndKeepsHeadersAndAttributes() {
        Headers headers = new RecordHeaders().add("traceparent", new byte[] {1});
        VisionRequest request =
                Requests.with(
                        bad -> {
                            bad.setImages(List.of());
                            bad.setAttributes(Map.of("path", "/a.png"));
                        });

        ingest.send(new TestRecord<>("other", encode(request), headers));

        TestRecord<String, byte[]> record = ingest.rejectionRecords().get(0);
        assertThat(record.key()).isEqualTo("request-1");
        assertThat(record.headers().lastHeader("traceparent").value()).containsExactly(1);
        Rejection rejection = RecordCodec.of(Rejection.class).decode(record.value());
        assertThat(rejection.getRequestId()).isEqualTo("request-1");
        assertThat(rejection.getAttributes()).containsEntry("path", "/a.png");
        assertThat(rejection.getPayload()).isEqualTo(ByteBuffer.wrap(encode(request)));
    }

    @Test
    void leavesAnInvalidIdOutOfTheRejectionButShowsItsBeginning() {
        ingest.send(valid("evil\n" + "x".repeat(300)));

        TestRecord<String, byte[]> record = ingest.rejectionRecords().get(0);
        assertThat(record.key()).isNull();
        Rejection rejection = RecordCodec.of(Rejection.class).decode(record.value());
        assertThat(rejection.getRequestId()).isNull();
        assertThat(rejection.getReason()).isEqualTo(Reason.INVALID_ID);
        assertThat(rejection.getMessage()).contains("'evil?xxx").doesNotContain("\n");
    }

    @Test
    void goesOnAfterARejection() {
        ingest.sendBytes(null, new byte[] {1});
        ingest.send(valid("request-1"));

        assertThat(ingest.rejections()).hasSize(1);
        assertThat(ingest.bulk()).hasSize(1);
    }

    private static byte[] encode(VisionRequest request) {
        return RecordCodec.of(VisionRequest.class).encode(request);
    }

    private static String sha256(byte[] payload) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
    }
}
