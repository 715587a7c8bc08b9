package io.sightmill.ingest.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.TokenBias;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file becomes the same request every time, or a rejection that says why it cannot. */
class RequestFactoryTest {

    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final String SHA256_OF_123 =
            "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";
    private static final CaptionOptions OPTIONS =
            CaptionOptions.of("tiny", "weights").withInstruction("Describe it.");

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = Files.write(folder.resolve("a.png"), new byte[] {1, 2, 3});
    }

    @Test
    void makesAFileIntoACaptionRequest() {
        VisionRequest request = read(OPTIONS.withLane(Lane.LIVE), file);

        assertThat(request.getImages())
                .containsExactly(
                        ImageSource.newBuilder()
                                .setContent(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                                .setSha256(SHA256_OF_123)
                                .build());
        assertThat(request.getTasks())
                .containsExactly(
                        Task.newBuilder()
                                .setTaskId("caption")
                                .setKind(TaskKind.CAPTION)
                                .setMessages(List.of(new Message("user", "Describe it.")))
                                .build());
        assertThat(request.getLane()).isEqualTo(Lane.LIVE);
        assertThat(request.getCreatedAt()).isEqualTo(NOW);
        assertThat(request.getAttributes()).containsOnly(Map.entry("path", file.toString()));
    }

    @Test
    void leavesTheMessagesToTheModelWithoutAnInstruction() {
        VisionRequest request = read(CaptionOptions.of("tiny", ""), file);

        assertThat(request.getTasks().get(0).getMessages()).isEmpty();
    }

    @Test
    void givesTheSameIdToTheSameQuestion() {
        InstantSource later = InstantSource.fixed(NOW.plusSeconds(60));
        Path detour = folder.resolve("../" + folder.getFileName() + "/a.png");
        String id = read(OPTIONS, file).getRequestId();

        assertThat(new RequestFactory(OPTIONS, later).read(detour).requestId()).isEqualTo(id);
        assertThat(read(OPTIONS.withLane(Lane.LIVE), file).getRequestId()).isEqualTo(id);
        assertThat(id).matches("caption-[0-9a-f]{32}");
    }

    @Test
    void givesAnotherIdToEveryOtherQuestion() throws IOException {
        Generation longer = Generation.newBuilder().setMaxNewTokens(7).build();
        Generation seeded = Generation.newBuilder().setSeed(7).build();
        Generation stopped = Generation.newBuilder().setStop(List.of("a", "b")).build();
        Generation stoppedOtherwise = Generation.newBuilder().setStop(List.of("ab")).build();
        Stream<CaptionOptions> questions =
                Stream.of(
                        OPTIONS,
                        OPTIONS.withInstruction("Other."),
                        OPTIONS.withInstruction(""),
                        OPTIONS.withInstruction("default"),
                        OPTIONS.withInstruction(null),
                        OPTIONS.withGeneration(longer),
                        OPTIONS.withGeneration(seeded),
                        OPTIONS.withGeneration(stopped),
                        OPTIONS.withGeneration(stoppedOtherwise),
                        generating(options -> options.setMinNewTokens(7)),
                        generating(options -> options.setRepetitionPenalty(1.3)),
                        generating(options -> options.setLogProbabilities(7)),
                        generating(options -> options.setLogitBias(List.of(bias(1, 2.0)))),
                        generating(options -> options.setLogitBias(List.of(bias(2, 1.0)))),
                        OPTIONS.withQuestion("Describe it.", List.of("a", "b")),
                        OPTIONS.withQuestion("Describe it.", List.of("b", "a")),
                        OPTIONS.withTimeToDeadline(Duration.ofSeconds(7)),
                        CaptionOptions.of("tiny", "other").withInstruction("Describe it."),
                        CaptionOptions.of("other", "weights").withInstruction("Describe it."));
        Path copy = Files.copy(file, folder.resolve("b.png"));

        Set<String> ids =
                questions
                        .map(options -> read(options, file).getRequestId())
                        .collect(Collectors.toSet());
        ids.add(read(OPTIONS, copy).getRequestId());
        Files.write(file, new byte[] {1, 2, 4});
        ids.add(read(OPTIONS, file).getRequestId());

        assertThat(ids).hasSize(21);
    }

    @Test
    void givesTheSameIdInWhateverOrderBiasesAreNamed() {
        List<TokenBias> biases = List.of(bias(1, 2.0), bias(2, 1.0));
        List<TokenBias> turned = List.of(bias(2, 1.0), bias(1, 2.0));

        assertThat(read(generating(options -> options.setLogitBias(turned)), file).getRequestId())
                .isEqualTo(
                        read(generating(options -> options.setLogitBias(biases)), file)
                                .getRequestId());
    }

    @Test
    void keepsTheIdsOfQuestionsThatSetNothingThatCameLater() {
        Path fixed = Path.of("/images/a.png");

        assertThat(RequestId.ofCaption(fixed, "content", OPTIONS))
                .isEqualTo("caption-38c061834cec18727381f1409fd1b9fc");
    }

    @Test
    void asksForALabelWhereThereAreAny() {
        VisionRequest request =
                read(OPTIONS.withQuestion("Which animal?", List.of("cat", "dog")), file);

        Task task = request.getTasks().get(0);
        assertThat(task.getKind()).isEqualTo(TaskKind.CLASSIFY);
        assertThat(task.getLabels()).containsExactly("cat", "dog");
        assertThat(task.getMessages()).containsExactly(new Message("user", "Which animal?"));
    }

    @Test
    void setsTheDeadlineFromTheTimeOfTheRequest() {
        VisionRequest request = read(OPTIONS.withTimeToDeadline(Duration.ofSeconds(5)), file);

        assertThat(request.getDeadline()).isEqualTo(NOW.plusSeconds(5));
        assertThat(read(OPTIONS, file).getDeadline()).isNull();
    }

    @Test
    void refusesLabelsWithoutAnInstructionAndADeadlineInThePast() {
        assertThatThrownBy(() -> OPTIONS.withQuestion(null, List.of("cat", "dog")))
                .hasMessage("labels is [cat, dog] and needs an instruction that they answer");
        assertThatThrownBy(() -> OPTIONS.withTimeToDeadline(Duration.ZERO))
                .hasMessage("timeToDeadline is PT0S and must be 1 millisecond to a hundred years");
    }

    @Test
    void doesNotJudgeTheBytes() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.png"));

        VisionRequest request = read(OPTIONS, empty);

        assertThat(request.getImages().get(0).getContent().remaining()).isZero();
    }

    @Test
    void readsAFileAsLargeAsTheLimit() {
        assertThat(read(OPTIONS.withMaxImageBytes(3), file).getImages()).hasSize(1);
    }

    @Test
    void rejectsAFileOverTheLimit() {
        Rejection rejection = reject(OPTIONS.withMaxImageBytes(2), file);

        assertThat(rejection.getStage()).isEqualTo(Stage.READ);
        assertThat(rejection.getReason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejection.getMessage())
                .contains(file.toString(), "has 3 bytes and may have 2", "raise the limit");
        assertThat(rejection.getRequestId()).matches("caption-[0-9a-f]{32}");
        assertThat(rejection.getRejectedAt()).isEqualTo(NOW);
        assertThat(rejection.getOrigin()).isNull();
        assertThat(rejection.getAttributes()).containsOnly(Map.entry("path", file.toString()));
    }

    @Test
    void rejectsAMissingFileUnderTheSameIdEveryTime() {
        Path missing = folder.resolve("missing.png");

        Rejection rejection = reject(OPTIONS, missing);

        assertThat(rejection.getReason()).isEqualTo(Reason.IMAGE_UNAVAILABLE);
        assertThat(rejection.getMessage()).contains(missing.toString(), "does not exist");
        assertThat(reject(OPTIONS, missing).getRequestId()).isEqualTo(rejection.getRequestId());
    }

    @Test
    void rejectsWhatIsNoFile() {
        Rejection rejection = reject(OPTIONS, folder);

        assertThat(rejection.getReason()).isEqualTo(Reason.IMAGE_UNAVAILABLE);
        assertThat(rejection.getMessage()).contains("is a folder");
        assertThat(reject(OPTIONS, Path.of("/dev/zero")).getMessage()).contains("no regular file");
    }

    @Test
    void refusesALimitOutOfReason() {
        assertThatThrownBy(() -> OPTIONS.withMaxImageBytes(0))
                .hasMessage("maxImageBytes is 0 and must be 1 byte to 1 GiB");
    }

    private static CaptionOptions generating(Consumer<Generation> change) {
        Generation generation = Generation.newBuilder().build();
        change.accept(generation);
        return OPTIONS.withGeneration(generation);
    }

    private static TokenBias bias(int tokenId, double bias) {
        return new TokenBias(tokenId, bias);
    }

    private static VisionRequest read(CaptionOptions options, Path file) {
        ReadImage read = new RequestFactory(options, InstantSource.fixed(NOW)).read(file);
        assertThat(read).isInstanceOf(ReadImage.Requested.class);
        return ((ReadImage.Requested) read).request();
    }

    private static Rejection reject(CaptionOptions options, Path file) {
        ReadImage read = new RequestFactory(options, InstantSource.fixed(NOW)).read(file);
        assertThat(read).isInstanceOf(ReadImage.Rejected.class);
        return ((ReadImage.Rejected) read).rejection();
    }
}
