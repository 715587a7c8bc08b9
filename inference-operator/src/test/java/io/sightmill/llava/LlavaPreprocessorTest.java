package io.sightmill.llava;

import static io.sightmill.engine.DialogueTurn.Role.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageInput;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.PreparedRequest;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlavaPreprocessorTest {

    private static final int IMAGE = 500;
    private static final int IMAGE_TOKENS = 16;

    private Tokenizer tokenizer;
    private ImagePreprocessor images;

    @BeforeEach
    void load() {
        tokenizer = Tokenizer.load(ReferenceFiles.path("tiny-llava"));
        images =
                new ImagePreprocessor(
                        PreprocessorConfig.read(ReferenceFiles.path("tiny-llava")),
                        ImageLimits.defaults(),
                        IMAGE_TOKENS);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void fileAndQuestionBecomeTheReferencesPixelsAndIds(int index) throws Exception {
        JsonNode reference = ReferenceFiles.json("e2e.json").get(index);
        String question = questionOf(reference.get("prompt").asText());

        PreparedRequest prepared =
                preprocess(4_096, generate(question), reference.get("image").asText());

        assertThat(prepared.tasks().get(0).prompt().tokenIds())
                .containsExactly(ReferenceFiles.ids(reference.get("input_ids")));
        assertThat(((PixelImage) prepared.images().get(0)).pixels())
                .containsExactly(
                        ReferenceFiles.floats("e2e" + (index + 1) + ".safetensors", "pixel_values"),
                        within(1e-6f));
    }

    @Test
    void tasksShareTheImagesOfTheirRequest() throws Exception {
        RequestInput request =
                new RequestInput(
                        "r",
                        List.of(file("tall.png")),
                        List.of(generate("One?"), generate("Two?")));

        PreparedRequest prepared = preprocessor(4_096).preprocess(request);

        assertThat(prepared.tasks())
                .allSatisfy(
                        task ->
                                assertThat(task.prompt().images().get(0).image())
                                        .isSameAs(prepared.images().get(0)));
    }

    @Test
    void imagesStandInOrderWithTheirSpans() throws Exception {
        Prompt prompt =
                preprocess(4_096, generate("Compare."), "tall.png", "photo56.png")
                        .tasks()
                        .get(0)
                        .prompt();

        assertThat(prompt.imageTokens()).isEqualTo(2 * IMAGE_TOKENS);
        assertThat(IntStream.of(prompt.tokenIds()).filter(id -> id == IMAGE)).hasSize(32);
        for (ImageSpan span : prompt.images()) {
            assertThat(Arrays.copyOfRange(prompt.tokenIds(), span.start(), span.end()))
                    .containsOnly(IMAGE);
        }
        assertThat(prompt.images().get(0).image().key())
                .isNotEqualTo(prompt.images().get(1).image().key());
    }

    @Test
    void anImageSlotTypedByAUserAddsNoImagePosition() throws Exception {
        Prompt prompt =
                preprocess(4_096, generate("<image> </s><s> <pad>"), "tall.png")
                        .tasks()
                        .get(0)
                        .prompt();

        assertThat(IntStream.of(prompt.tokenIds()).filter(id -> id == IMAGE)).hasSize(16);
        assertThat(IntStream.of(prompt.tokenIds()).skip(1)).doesNotContain(0, 1, 2, 501);
    }

    @Test
    void anEmbedTaskIsItsImagesAlone() throws Exception {
        TaskInput embed =
                new TaskInput(
                        "e", TaskKind.EMBED, List.of(), List.of(), GenerationOptions.greedy(1));

        Prompt prompt = preprocess(8, embed, "tall.png").tasks().get(0).prompt();

        assertThat(prompt.tokenIds()).hasSize(IMAGE_TOKENS).containsOnly(IMAGE);
        assertThat(prompt.images()).hasSize(1);
    }

    @Test
    void everythingThatIsAskedOfTheGenerationReachesTheEngine() throws Exception {
        GenerationOptions asked =
                new GenerationOptions(9, 3, 0.7, 0.9, 40, 5, List.of("x"), Map.of(7, 1.5), 1.2, 4);
        List<DialogueTurn> turns = List.of(new DialogueTurn(USER, "What?"));
        TaskInput task = new TaskInput("t", TaskKind.GENERATE, turns, List.of(), asked);

        PreparedTask prepared = preprocess(4_096, task, "tall.png").tasks().get(0);

        assertThat(prepared.generation()).isEqualTo(asked);
    }

    @Test
    void labelsAreTheIdsThatContinueThePrompt() throws Exception {
        PreparedTask task = preprocess(4_096, score("yes", "no way"), "tall.png").tasks().get(0);

        assertThat(task.labels()).hasSize(2);
        for (int label = 0; label < 2; label++) {
            String answer = List.of("yes", "no way").get(label);
            int[] whole = tokenizer.encodeText("\nIs it round? ASSISTANT: " + answer);
            int[] tail = task.labels().get(label);
            assertThat(Arrays.copyOfRange(whole, whole.length - tail.length, whole.length))
                    .containsExactly(tail);
            assertThat(tokenizer.decode(tail)).isEqualTo(answer);
        }
    }

    @Test
    void aPromptThatJustFitsIsTaken() throws Exception {
        int promptTokens =
                preprocess(4_096, generate("Hi"), "tall.png").tasks().get(0).prompt().length();

        assertThat(preprocess(promptTokens + 10, generate("Hi"), "tall.png").tasks()).hasSize(1);
        assertRejected(
                () -> preprocess(promptTokens + 9, generate("Hi"), "tall.png"),
                Reason.PROMPT_TOO_LONG,
                "task t needs %d prompt tokens and 10 for the answer; the model has %d positions"
                        .formatted(promptTokens, promptTokens + 9));
    }

    @Test
    void aBookIsTooLongBeforeItIsTokenized() {
        assertRejected(
                () -> preprocess(4_096, generate("x".repeat(50_000_000)), "tall.png"),
                Reason.PROMPT_TOO_LONG,
                "at least");
    }

    @Test
    void aDialogueWithoutAUserTurnIsAnInvalidTask() {
        TaskInput mute =
                new TaskInput(
                        "t", TaskKind.GENERATE, List.of(), List.of(), GenerationOptions.greedy(1));

        assertRejected(
                () -> preprocess(4_096, mute, "tall.png"),
                Reason.INVALID_TASK,
                "task t has no user turn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void aBlankLabelIsAnInvalidTask(String label) {
        assertRejected(
                () -> preprocess(4_096, score("yes", label), "tall.png"),
                Reason.INVALID_TASK,
                "task t has no labels, or a blank one");
    }

    @Test
    void aBadImageIsNamedByItsPlace() {
        RequestInput request =
                new RequestInput(
                        "r",
                        List.of(file("tall.png"), new ImageInput(new byte[0], "")),
                        List.of(generate("Hi")));

        assertRejected(
                () -> preprocessor(4_096).preprocess(request),
                Reason.EMPTY_IMAGE,
                "image 2 of 2: the image has no bytes");
    }

    @Test
    void theKeyTellsImagesAndProcessingApart() throws Exception {
        byte[] photo = ReferenceFiles.image("photo56.png");
        PreprocessorConfig config = PreprocessorConfig.read(ReferenceFiles.path("tiny-llava"));
        ImagePreprocessor unscaled =
                new ImagePreprocessor(
                        new PreprocessorConfig(
                                config.padding(),
                                config.resize(),
                                config.resizeSide(),
                                config.size(),
                                1,
                                config.mean(),
                                config.std()),
                        ImageLimits.defaults(),
                        IMAGE_TOKENS);

        String key = images.preprocess(photo).key();

        assertThat(key).matches("[0-9a-f]{64}").isEqualTo(images.preprocess(photo).key());
        assertThat(unscaled.preprocess(photo).key()).isNotEqualTo(key);
        assertThat(images.preprocess(ReferenceFiles.image("photo.png")).key()).isNotEqualTo(key);
    }

    private LlavaPreprocessor preprocessor(int contextTokens) {
        PromptAssembler prompts = new PromptAssembler(tokenizer, ChatTemplate.llava(), IMAGE);
        return new LlavaPreprocessor(images, prompts, contextTokens);
    }

    private PreparedRequest preprocess(int contextTokens, TaskInput task, String... names)
            throws RequestRejectedException {
        List<ImageInput> inputs = Arrays.stream(names).map(LlavaPreprocessorTest::file).toList();
        return preprocessor(contextTokens).preprocess(new RequestInput("r", inputs, List.of(task)));
    }

    private static ImageInput file(String name) {
        try {
            return new ImageInput(ReferenceFiles.image(name), "");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static TaskInput generate(String question) {
        return new TaskInput(
                "t",
                TaskKind.GENERATE,
                List.of(new DialogueTurn(USER, question)),
                List.of(),
                GenerationOptions.greedy(10));
    }

    private static TaskInput score(String... labels) {
        return new TaskInput(
                "t",
                TaskKind.SCORE,
                List.of(new DialogueTurn(USER, "Is it round?")),
                List.of(labels),
                GenerationOptions.greedy(1));
    }

    private static String questionOf(String prompt) {
        String begin = "USER: <image>\n";
        String end = " ASSISTANT:";
        assertThat(prompt).startsWith(begin).endsWith(end);
        return prompt.substring(begin.length(), prompt.length() - end.length());
    }

    private static void assertRejected(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
            Reason reason,
            String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RequestRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }
}
