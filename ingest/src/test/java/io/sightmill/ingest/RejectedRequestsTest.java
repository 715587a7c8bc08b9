package io.sightmill.ingest;

import static io.sightmill.ingest.Requests.NOW;
import static io.sightmill.ingest.Requests.inline;
import static io.sightmill.ingest.Requests.user;
import static io.sightmill.ingest.Requests.with;
import static io.sightmill.ingest.Requests.withImage;
import static io.sightmill.ingest.Requests.withLabels;
import static io.sightmill.ingest.Requests.withTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sightmill.schema.Generation;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.TokenBias;
import io.sightmill.schema.VisionRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a request can be wrong has its reason and a message that says where. */
class RejectedRequestsTest {

    private static final Map<String, String> LIMITS =
            Map.of(
                    "limit.image.bytes", "1000",
                    "limit.images", "2",
                    "limit.tasks", "2",
                    "limit.messages", "3",
                    "limit.text.characters", "100",
                    "limit.labels", "3",
                    "limit.label.characters", "10",
                    "limit.stop.strings", "2",
                    "limit.attributes", "2",
                    "limit.uri.characters", "50");

    @TempDir private Path state;
    private IngestHarness ingest;

    @BeforeEach
    void start() {
        Map<String, String> settings = new HashMap<>(LIMITS);
        settings.put("limit.attribute.characters", "20");
        ingest = IngestHarness.in(state, settings);
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"ids", "times", "sizes", "images", "kinds", "instructions", "labels"})
    void rejects(Reason reason, VisionRequest request, String message) {
        ingest.send(request);

        assertIsRejected(reason, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("generations")
    void rejectsGenerationOutOfBounds(Consumer<Generation> change, String message) {
        Generation generation = Generation.newBuilder().build();
        change.accept(generation);

        ingest.send(withTask(task -> task.setGeneration(generation)));

        assertIsRejected(Reason.INVALID_TASK, message);
    }

    @ParameterizedTest
    @MethodSource("acceptable")
    void letsThrough(VisionRequest request) {
        ingest.send(request);

        assertThat(ingest.rejections()).isEmpty();
        assertThat(ingest.bulk()).containsExactly(request);
    }

    private void assertIsRejected(Reason reason, String message) {
        Rejection rejection = ingest.onlyRejection();
        assertThat(rejection.getReason()).isEqualTo(reason);
        assertThat(rejection.getStage()).isEqualTo(Stage.INGEST);
        assertThat(rejection.getMessage()).contains(message);
        assertThat(rejection.getOrigin().getOffset()).isZero();
    }

    static Stream<Arguments> ids() {
        return Stream.of(
                rejected(Reason.INVALID_ID, Requests.valid(""), "requestId is ''"),
                rejected(Reason.INVALID_ID, Requests.valid("  "), "requestId is '  '"),
                rejected(Reason.INVALID_ID, Requests.valid("a\u0000b"), "requestId is 'a?b'"),
                rejected(Reason.INVALID_ID, Requests.valid("x".repeat(257)), "1 to 256"),
                rejected(Reason.INVALID_ID, with(bad -> bad.setTenant("")), "tenant is ''"),
                rejected(Reason.INVALID_ID, withTask(bad -> bad.setTaskId("")), "taskId is ''"),
                rejected(
                        Reason.INVALID_ID,
                        with(
                                bad ->
                                        bad.setTasks(
                                                List.of(
                                                        Requests.answer("a"),
                                                        Requests.answer("a")))),
                        "taskId 'a' is used twice"),
                rejected(
                        Reason.INVALID_ID,
                        withTask(bad -> bad.setInstruction("\n")),
                        "names the instruction '?'"));
    }

    static Stream<Arguments> times() {
        return Stream.of(
                rejected(
                        Reason.INVALID_TIME,
                        with(bad -> bad.setCreatedAt(NOW.minus(Duration.ofDays(366)))),
                        "createdAt is 2025-02-28"),
                rejected(
                        Reason.INVALID_TIME,
                        with(bad -> bad.setCreatedAt(NOW.plus(Duration.ofHours(2)))),
                        "at most PT1H ahead"),
                rejected(
                        Reason.INVALID_TIME,
                        with(bad -> bad.setCreatedAt(Instant.ofEpochMilli(Long.MAX_VALUE))),
                        "createdAt is +292278994"),
                rejected(
                        Reason.INVALID_TIME,
                        with(bad -> bad.setDeadline(NOW)),
                        "must be after createdAt"),
                rejected(
                        Reason.INVALID_TIME,
                        with(bad -> bad.setDeadline(NOW.plus(Duration.ofDays(31)))),
                        "at most PT720H after createdAt"));
    }

    static Stream<Arguments> sizes() {
        return Stream.of(
                rejected(
                        Reason.TOO_LARGE,
                        with(bad -> bad.setAttributes(Map.of("a", "", "b", "", "c", ""))),
                        "3 attributes"),
                rejected(
                        Reason.TOO_LARGE,
                        with(bad -> bad.setAttributes(Map.of("a", "x".repeat(20)))),
                        "20 characters each"),
                rejected(
                        Reason.TOO_LARGE,
                        withTask(bad -> bad.setMessages(List.of(user("x".repeat(101))))),
                        "1 messages of 101 characters"),
                rejected(
                        Reason.TOO_LARGE,
                        withTask(bad -> bad.setMessages(Collections.nCopies(4, user("a")))),
                        "4 messages"),
                rejected(
                        Reason.TOO_LARGE,
                        withLabels("a", "b", "c", "d"),
                        "4 labels of up to 1 characters"),
                rejected(Reason.TOO_LARGE, withLabels("a", "b".repeat(11)), "up to 11 characters"),
                rejected(
                        Reason.TOO_LARGE,
                        withImage(bad -> bad.setContent(ByteBuffer.allocate(1001))),
                        "image 0 has 1001 bytes and may have 1000"),
                rejected(
                        Reason.TOO_LARGE,
                        withImage(bad -> bad.setMediaType("x".repeat(257))),
                        "mediaType of 257"),
                rejected(
                        Reason.TOO_LARGE,
                        withImage(
                                bad -> {
                                    bad.setContent(null);
                                    bad.setUri("x".repeat(51));
                                }),
                        "uri of 51 characters"),
                rejected(
                        Reason.TOO_LARGE,
                        withTask(bad -> bad.getGeneration().setStop(List.of("a", "b", "c"))),
                        "3 stop strings"));
    }

    static Stream<Arguments> images() {
        return Stream.of(
                rejected(Reason.IMAGE_COUNT, with(bad -> bad.setImages(List.of())), "0 images"),
                rejected(
                        Reason.IMAGE_COUNT,
                        with(bad -> bad.setImages(List.of(inline(1), inline(1), inline(1)))),
                        "3 images and must have 1 to 2"),
                rejected(
                        Reason.IMAGE_SOURCE,
                        withImage(bad -> bad.setContent(null)),
                        "image 0 has neither content nor uri"),
                rejected(
                        Reason.IMAGE_SOURCE,
                        withImage(bad -> bad.setUri("s3://a/b")),
                        "image 0 has both content and uri"),
                rejected(
                        Reason.IMAGE_SOURCE,
                        withImage(
                                bad -> {
                                    bad.setContent(null);
                                    bad.setUri(" ");
                                }),
                        "blank uri"),
                rejected(
                        Reason.IMAGE_SOURCE,
                        withImage(bad -> bad.setSha256("A".repeat(64))),
                        "64 lower-case hexadecimal digits"),
                rejected(
                        Reason.EMPTY_IMAGE,
                        with(bad -> bad.setImages(List.of(inline(1), inline()))),
                        "image 1 has no bytes"));
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                rejected(Reason.TASK_COUNT, with(bad -> bad.setTasks(List.of())), "0 tasks"),
                rejected(
                        Reason.TASK_COUNT,
                        with(
                                bad ->
                                        bad.setTasks(
                                                IntStream.range(0, 3)
                                                        .mapToObj(id -> Requests.answer("t" + id))
                                                        .toList())),
                        "3 tasks and must have 1 to 2"),
                rejected(
                        Reason.UNKNOWN_KIND,
                        withTask(bad -> bad.setKind(TaskKind.UNKNOWN)),
                        "task 'task-1' is of a kind that is not known here"));
    }

    static Stream<Arguments> instructions() {
        return Stream.of(
                rejected(
                        Reason.EMPTY_INSTRUCTION,
                        withTask(bad -> bad.setMessages(List.of())),
                        "task 'task-1' has no messages"),
                rejected(
                        Reason.EMPTY_INSTRUCTION,
                        withTask(bad -> bad.setMessages(List.of(user(" \n")))),
                        "blank last message"),
                rejected(
                        Reason.EMPTY_INSTRUCTION,
                        withTask(
                                bad -> {
                                    bad.setKind(TaskKind.CAPTION);
                                    bad.setMessages(List.of(user("")));
                                }),
                        "blank last message"),
                rejected(
                        Reason.INVALID_TASK,
                        withTask(bad -> bad.setMessages(List.of(new Message("tool", "a")))),
                        "a message by 'tool'"),
                rejected(
                        Reason.INVALID_TASK,
                        withTask(
                                bad ->
                                        bad.setMessages(
                                                List.of(user("a"), new Message("assistant", "b")))),
                        "a last message by assistant"),
                rejected(
                        Reason.INVALID_TASK,
                        withTask(bad -> bad.setInstruction("safety")),
                        "has messages and names an instruction"));
    }

    static Stream<Arguments> labels() {
        return Stream.of(
                rejected(Reason.INVALID_TASK, withLabels(), "0 labels; give at least two"),
                rejected(Reason.INVALID_TASK, withLabels("a"), "1 labels"),
                rejected(Reason.INVALID_TASK, withLabels("a", "a"), "a label twice"),
                rejected(Reason.INVALID_TASK, withLabels("a", " "), "a blank label"),
                rejected(
                        Reason.INVALID_TASK,
                        withTask(bad -> bad.setLabels(List.of("a", "b"))),
                        "only CLASSIFY takes them"));
    }

    static Stream<Arguments> generations() {
        return Stream.of(
                generation(bad -> bad.setMaxNewTokens(0), "maxNewTokens 0; it must be 1 to 4096"),
                generation(bad -> bad.setMaxNewTokens(4097), "maxNewTokens 4097"),
                generation(bad -> bad.setTemperature(-0.1), "temperature -0.1"),
                generation(bad -> bad.setTemperature(Double.NaN), "temperature NaN"),
                generation(bad -> bad.setTemperature(Double.POSITIVE_INFINITY), "Infinity"),
                generation(bad -> bad.setTopP(0), "topP 0.0; it must be above 0 and at most 1"),
                generation(bad -> bad.setTopP(1.1), "topP 1.1"),
                generation(bad -> bad.setTopP(Double.NaN), "topP NaN"),
                generation(bad -> bad.setTopK(-1), "topK -1"),
                generation(bad -> bad.setStop(List.of("")), "an empty stop string"),
                generation(
                        bad -> bad.setMinNewTokens(-1),
                        "minNewTokens -1; it must be 0 to maxNewTokens, 256"),
                generation(bad -> bad.setMinNewTokens(257), "minNewTokens 257"),
                generation(
                        bad -> bad.setRepetitionPenalty(0),
                        "repetitionPenalty 0.0; it must be above 0 and finite"),
                generation(bad -> bad.setRepetitionPenalty(-1), "repetitionPenalty -1.0"),
                generation(bad -> bad.setRepetitionPenalty(Double.NaN), "repetitionPenalty NaN"),
                generation(
                        bad -> bad.setLogProbabilities(21),
                        "logProbabilities 21; it must be -1 to 20"),
                generation(bad -> bad.setLogProbabilities(-2), "logProbabilities -2"),
                generation(
                        bad -> bad.setLogitBias(biases(1_025)),
                        "logitBias of 1025 tokens; it must be at most 1024"),
                generation(
                        bad -> bad.setLogitBias(List.of(new TokenBias(7, Double.NaN))),
                        "logitBias for token 7 of NaN; it must be a finite number"),
                generation(
                        bad -> bad.setLogitBias(List.of(new TokenBias(-7, 1.0))),
                        "logitBias for token -7; it must be for a token id of 0 or more"),
                generation(
                        bad ->
                                bad.setLogitBias(
                                        List.of(new TokenBias(7, 1.0), new TokenBias(7, 2.0))),
                        "logitBias for token 7 twice"));
    }

    private static List<TokenBias> biases(int count) {
        return IntStream.range(0, count).mapToObj(id -> new TokenBias(id, 1.0)).toList();
    }

    static Stream<VisionRequest> acceptable() {
        return Stream.of(
                Requests.valid("x".repeat(256)),
                Requests.valid("Ünïcode/with spaces"),
                with(good -> good.setTenant("tenant")),
                with(good -> good.setDeadline(NOW.plusMillis(1))),
                with(good -> good.setCreatedAt(NOW.minus(Duration.ofDays(365)))),
                with(good -> good.setCreatedAt(NOW.plus(Duration.ofHours(1)))),
                with(good -> good.setImages(List.of(inline(1), inline(1)))),
                with(good -> good.setAttributes(Map.of("a", "x".repeat(19)))),
                withImage(good -> good.setContent(ByteBuffer.allocate(1000))),
                withImage(good -> good.setSha256("0a".repeat(32))),
                withImage(
                        good -> {
                            good.setContent(null);
                            good.setUri("file:///a.png");
                        }),
                withLabels("a", "b", "c"),
                withTask(
                        good -> {
                            good.setKind(TaskKind.CAPTION);
                            good.setMessages(List.of());
                        }),
                withTask(
                        good -> {
                            good.setKind(TaskKind.EMBED);
                            good.setMessages(List.of());
                        }),
                withTask(
                        good ->
                                good.setMessages(
                                        List.of(
                                                new Message("system", "Be brief."),
                                                new Message("assistant", ""),
                                                user("What?")))),
                withTask(
                        good ->
                                good.setGeneration(
                                        new Generation(
                                                4096,
                                                2.0,
                                                1.0,
                                                50,
                                                -1L,
                                                List.of("a"),
                                                4096,
                                                biases(1_024),
                                                1.3,
                                                20))));
    }

    private static Arguments rejected(Reason reason, VisionRequest request, String message) {
        return arguments(reason, request, message);
    }

    private static Arguments generation(Consumer<Generation> change, String message) {
        return arguments(change, message);
    }
}
