package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.Device;
import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageInput;
import io.sightmill.engine.Lane;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.PreparedRequest;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceDriver;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checkpoints in the authors' own layout: LLaVA v1 (linear projector, middle square), v1.5 (two
 * layers, padding), v1.6 (tiles, Mistral, bfloat16, the tower's weights inside) and {@code deep}
 * (three layers, class position kept).
 *
 * <p>Recorded with torch 2.13.0 and transformers 5.18.0 on the CPU in float32, eager attention,
 * weights rounded to the files' type: {@code CLIPVisionModel(...).hidden_states[-2]}, then {@code
 * torch.nn.Linear} or {@code Sequential(Linear, GELU, Linear, ...)}, then {@code LlamaForCausalLM}
 * or {@code MistralForCausalLM} with {@code inputs_embeds}; greedy, one full forward pass a token.
 * Pixels by Pillow: crop, pad and tiles as the authors' {@code mm_utils} has them, {@code x / 255},
 * mean and deviation in float32. The prompt of {@code e2e} is the rendered template, cut at the
 * image and each piece tokenized for itself.
 */
class AuthorsLayoutTest {

    private static final int TOKENS = 16;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "v1, case1", "v1, case2", "v1, case3",
        "v1.5, case1", "v1.5, case2", "v1.5, case3",
        "v1.6, case1", "v1.6, case2", "v1.6, case3",
        "deep, case1",
    })
    void equalsTheReferenceInFloat32(String model, String name) {
        GoldenResult result = verify(authors(model), name);

        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(result.idsEqual()).isTrue();
        assertThat(result.projectorDifference().orElseThrow()).isLessThan(2e-4);
        assertThat(result.logitsDifference().orElseThrow()).isLessThan(2e-4);
    }

    @ParameterizedTest
    @CsvSource({
        "v1, case1, photo.png", "v1, case2, tall.png",
        "v1.5, case1, photo.png", "v1.5, case2, tall.png",
        "v1.6, case1, photo.png", "v1.6, case2, tall.png",
    })
    void preparesPixelsAsTheAuthorsDo(String model, String name, String image) throws Exception {
        Path checkpoint = authors(model);
        ImagePreprocessor images =
                new ImagePreprocessor(
                        PreprocessorConfig.read(checkpoint),
                        ImageLimits.defaults(),
                        LlavaConfig.read(checkpoint).imageLayout());

        PixelImage prepared = images.preprocess(ReferenceFiles.image(image));

        assertThat(prepared.pixels())
                .containsExactly(
                        ReferenceFiles.floats(recorded(model, name), "pixel_values"),
                        within(1e-6f));
    }

    // The original's rule reads the directory's name: v1 is in all three.
    @ParameterizedTest
    @CsvSource({"v1, llava-v1-tiny", "v1.5, llava-v1.5-tiny", "deep, llava-v1-deep"})
    void answersAsTheReferenceDoes(String model, String directoryName) throws Exception {
        try (LlavaModel opened = open(withTokenizer(model, directoryName), Optional.empty())) {
            Sequence answered = answer(opened, "What is shown in this image?");

            assertThat(withOneSlotAnImage(answered)).isEqualTo(ids(model, "input_ids"));
            assertThat(answered.tokens()).isEqualTo(ids(model, "generated_ids"));
        }
    }

    @Test
    void answersInTheTemplateThatIsNamed() throws Exception {
        Path checkpoint = withTokenizer("v1.6", "llava-v1.6-mistral-tiny");
        try (LlavaModel opened = open(checkpoint, Optional.of("llava_v1"))) {
            Sequence answered = answer(opened, "What is shown in this image?");

            assertThat(withOneSlotAnImage(answered)).isEqualTo(ids("v1.6", "input_ids"));
            assertThat(answered.tokens()).isEqualTo(ids("v1.6", "generated_ids"));
        }
    }

    @Test
    void aNameThatTellsNothingSpeaksAsTheFirstLlava() throws Exception {
        Path checkpoint = withTokenizer("v1", "tiny");

        try (LlavaModel named = open(checkpoint, Optional.of("llava_v0"));
                LlavaModel unnamed = open(checkpoint, Optional.empty())) {
            assertThat(prompt(unnamed)).isEqualTo(prompt(named));
        }
    }

    @Test
    void framesImagesWithTokensWhereTheCheckpointWasTunedSo() throws Exception {
        Path checkpoint = withTokenizer("v1", "llava-v1-tiny");
        int[] plain;
        try (LlavaModel unframed = open(checkpoint, Optional.empty())) {
            plain = prompt(unframed);
        }
        CheckpointCopy copy = new CheckpointCopy(checkpoint);
        copy.edit("config.json", root -> root.put("mm_use_im_start_end", true));
        copy.edit(
                "tokenizer.json",
                root -> {
                    // In place of tokens that nothing here uses.
                    renameAdded(root, 500, "<im_start>");
                    renameAdded(root, 501, "<im_end>");
                });

        try (LlavaModel framed = open(checkpoint, Optional.empty())) {
            int[] ids = prompt(framed);
            int start = first(plain, LlavaConfig.IMAGE_SLOT);
            assertThat(ids[start]).isEqualTo(500);
            assertThat(ids[start + 1]).isEqualTo(LlavaConfig.IMAGE_SLOT);
            assertThat(ids[start + 9]).isEqualTo(LlavaConfig.IMAGE_SLOT);
            assertThat(ids[start + 10]).isEqualTo(501);
        }
    }

    @Test
    void namesTheTokensThatFrameImagesWhereTheTokenizerLacksThem() throws Exception {
        Path checkpoint = withTokenizer("v1", "llava-v1-tiny");
        new CheckpointCopy(checkpoint)
                .edit("config.json", root -> root.put("mm_use_im_start_end", true));

        assertThatThrownBy(() -> open(checkpoint, Optional.empty()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("mm_use_im_start_end")
                .hasMessageContaining("<im_start>");
    }

    // Only with a tokenizer that marks the beginning of a text does it show.
    @Test
    void textBehindAnImageIsTokenizedForItself() throws IOException {
        Path checkpoint = withTokenizer("v1", "llava-v1-tiny");
        new CheckpointCopy(checkpoint)
                .edit(
                        "tokenizer.json",
                        root ->
                                root.putNull("normalizer")
                                        .putObject("pre_tokenizer")
                                        .put("type", "Metaspace")
                                        .put("replacement", "\u2581")
                                        .put("prepend_scheme", "first")
                                        .put("split", false));
        PixelImage image = new PixelImage(new float[3], 1, "key", 1);
        List<PromptSegment> segments =
                List.of(
                        new PromptSegment.Text("Look:"),
                        new PromptSegment.Image(),
                        new PromptSegment.Text("why?"));
        try (Tokenizer tokenizer = Tokenizer.load(checkpoint)) {
            PromptAssembler prompts =
                    new PromptAssembler(tokenizer, ChatTemplate.llava(), LlavaConfig.IMAGE_SLOT);

            int[] ids = prompts.assembleSegments(segments, List.of(image)).tokenIds();

            IntStream expected = IntStream.of(tokenizer.beginningId().orElseThrow());
            expected = IntStream.concat(expected, IntStream.of(tokenizer.encodeText("Look:")));
            expected = IntStream.concat(expected, IntStream.of(LlavaConfig.IMAGE_SLOT));
            expected = IntStream.concat(expected, IntStream.of(tokenizer.encodeText("why?")));
            assertThat(ids).isEqualTo(expected.toArray());
            assertThat(tokenizer.encodeText("why?"))
                    .isNotEqualTo(tokenizer.encodeContinuation("why?"));
        }
    }

    @Test
    void findsTheVisionTowerInsideTheCheckpointToo() throws IOException {
        Path checkpoint = copy("v1.5", "model");
        Files.move(directory.resolve("clip-tiny-56"), checkpoint.resolve("clip-tiny-56"));

        assertThat(verify(checkpoint, "v1.5", "case1").holds()).isTrue();
    }

    @Test
    void saysWhereTheVisionTowerWasLookedForAndWhatToDo() throws IOException {
        Path checkpoint = copy("v1", "model");
        deleteTower("clip-tiny-42");

        assertThatThrownBy(() -> LlavaConfig.read(checkpoint))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("'clip-tiny-42' (mm_vision_tower of config.json)")
                .hasMessageContaining(checkpoint.resolve("clip-tiny-42").toString())
                .hasMessageContaining(directory.resolve("clip-tiny-42").toString())
                .hasMessageContaining("download");
    }

    @ParameterizedTest
    @CsvSource({"openai/clip-vit-large-patch14-336, 336", "/data/clip-vit-large-patch14, 224"})
    void knowsThePublishedTowersWithoutTheirDirectories(String name, int size) throws IOException {
        Path checkpoint = copy("v1", "model");
        new CheckpointCopy(checkpoint)
                .edit(
                        "config.json",
                        root -> root.put("mm_vision_tower", name).put("mm_hidden_size", 1024));

        assertThat(LlavaConfig.read(checkpoint).vision())
                .isEqualTo(new VisionConfig(1024, 4096, 24, 16, size, 14, 1e-5));
        assertThat(PreprocessorConfig.read(checkpoint).size()).isEqualTo(size);
        // Their weights are wanted all the same.
        assertThatThrownBy(() -> Checkpoint.open(checkpoint))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("download that CLIP checkpoint as safetensors");
    }

    // What a configuration from outside names must not be read from anywhere else.
    @ParameterizedTest
    @CsvSource({"/etc/clip-tiny-42", "../../clip-tiny-42", "a\\b\\clip-tiny-42", "clip-tiny-42/"})
    void takesTheLastPartOfTheTowersNameOnly(String name) throws IOException {
        Path checkpoint = copy("v1", "model");
        new CheckpointCopy(checkpoint)
                .edit("config.json", root -> root.put("mm_vision_tower", name));

        assertThat(LlavaConfig.read(checkpoint).vision().imageSize()).isEqualTo(42);
    }

    @ParameterizedTest
    @CsvSource({"..", "openai/..", "/", "''", "' '", "."})
    void refusesATowerWhoseNameIsNoName(String name) throws IOException {
        Path checkpoint = copy("v1", "model");
        new CheckpointCopy(checkpoint)
                .edit("config.json", root -> root.put("mm_vision_tower", name));

        assertThatThrownBy(() -> LlavaConfig.read(checkpoint))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("mm_vision_tower is '" + name + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mm_projector_type        | identity | mm_projector_type is 'identity'",
                "mm_projector_type        | mlp0x_gelu | mm_projector_type",
                "mm_projector_type        | mlp99x_gelu | mm_projector_type",
                "mm_vision_select_feature | cls      | mm_vision_select_feature is 'cls'",
                "image_aspect_ratio       | anyres_max_9 | image_aspect_ratio is 'anyres_max_9'",
                "image_aspect_ratio       | anyres   | mm_patch_merge_type is 'flat'",
                "model_type               | llava_mpt | model_type is 'llava_mpt'",
            })
    void namesWhatIsNotSupported(String key, String value, String complaint) throws IOException {
        Path checkpoint = copy("v1", "model");
        new CheckpointCopy(checkpoint).edit("config.json", root -> root.put(key, value));

        assertThatThrownBy(() -> LlavaConfig.read(checkpoint))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll("config.json", complaint);
    }

    @Test
    void refusesATowerOfAnotherWidth() throws IOException {
        Path checkpoint = copy("v1", "model");
        new CheckpointCopy(checkpoint)
                .edit("config.json", root -> root.put("mm_hidden_size", 1024));

        assertThatThrownBy(() -> LlavaConfig.read(checkpoint))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("mm_hidden_size is 1024")
                .hasMessageContaining("hidden_size is 16");
    }

    @Test
    void readsWhatTheFilesSay() {
        LlavaConfig config = LlavaConfig.read(authors("v1.6"));

        assertThat(config.projector())
                .isEqualTo(new ProjectorConfig(CheckpointLayout.AUTHORS, 2, true));
        // The shorter of the tokenizer's limit and the positions there are.
        assertThat(config.text().contextTokens()).isEqualTo(2048);
        assertThat(config.text().rotary().theta()).isEqualTo(1e6);
        // The files say width before height.
        assertThat(config.resolutions().get(0)).isEqualTo(new Resolution(42, 84));
        assertThat(config.imageTokenId()).isEqualTo(LlavaConfig.IMAGE_SLOT);
    }

    private static Path authors(String model) {
        return ReferenceFiles.path("authors/" + model);
    }

    private static String recorded(String model, String name) {
        return "authors/" + model + "/" + name + ".safetensors";
    }

    private static GoldenResult verify(Path checkpoint, String name) {
        return verify(checkpoint, String.valueOf(checkpoint.getFileName()), name);
    }

    private static GoldenResult verify(Path checkpoint, String model, String name) {
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(checkpoint, Precision.FLOAT32, Device.cpu())) {
            return verifier.verify(ReferenceFiles.path(recorded(model, name)));
        }
    }

    /** A copy of a checkpoint with its tower beside it. */
    private Path copy(String model, String directoryName) throws IOException {
        Path checkpoint = Files.createDirectory(directory.resolve(directoryName));
        CheckpointCopy.of("authors/" + model, checkpoint);
        String named =
                ConfigSection.read(checkpoint.resolve("config.json")).text("mm_vision_tower", "");
        String tower = Path.of(named).getFileName().toString();
        CheckpointCopy.of("authors/" + tower, Files.createDirectory(directory.resolve(tower)));
        return checkpoint;
    }

    private Path withTokenizer(String model, String directoryName) throws IOException {
        Path checkpoint = copy(model, directoryName);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(ReferenceFiles.path("tiny-llava/" + name), checkpoint.resolve(name));
        }
        return checkpoint;
    }

    private void deleteTower(String name) throws IOException {
        for (String file :
                List.of("config.json", "preprocessor_config.json", "model.safetensors")) {
            Files.delete(directory.resolve(name).resolve(file));
        }
        Files.delete(directory.resolve(name));
    }

    private static void renameAdded(ObjectNode tokenizer, int id, String content) {
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("id").asInt() == id) {
                ((ObjectNode) added).put("content", content);
            }
        }
    }

    private static LlavaModel open(Path checkpoint, Optional<String> template) {
        return LlavaModel.open(
                checkpoint, Precision.FLOAT32, template, ImageReading.defaults(), Device.cpu());
    }

    private static PreparedRequest prepare(LlavaModel model, String question) throws Exception {
        TaskInput task =
                new TaskInput(
                        "t",
                        TaskKind.GENERATE,
                        List.of(new DialogueTurn(DialogueTurn.Role.USER, question)),
                        List.of(),
                        GenerationOptions.greedy(TOKENS));
        ImageInput file = new ImageInput(ReferenceFiles.image("photo.png"), "");
        return model.preprocessor().preprocess(new RequestInput("r", List.of(file), List.of(task)));
    }

    private static int[] prompt(LlavaModel model) throws Exception {
        return prepare(model, "Why?").tasks().get(0).prompt().tokenIds();
    }

    private static Sequence answer(LlavaModel model, String question) throws Exception {
        Sequence sequence =
                new Sequence(
                        new SequenceRequest(
                                "r", Lane.LIVE, prepare(model, question).tasks().get(0)));
        SequenceDriver driver = new SequenceDriver(model.runner());
        model.runner().admit(sequence);
        driver.prefill(sequence, 256);
        while (sequence.tokenCount() < TOKENS) {
            driver.decode(List.of(sequence));
        }
        model.runner().release(sequence);
        return sequence;
    }

    private static int[] withOneSlotAnImage(Sequence sequence) {
        int[] ids = sequence.prompt().tokenIds();
        int start = sequence.prompt().images().get(0).start();
        int end = sequence.prompt().images().get(0).end();
        int[] shorter = Arrays.copyOf(ids, ids.length - (end - start - 1));
        System.arraycopy(ids, end, shorter, start + 1, ids.length - end);
        return shorter;
    }

    private static int first(int[] ids, int id) {
        int at = 0;
        while (ids[at] != id) {
            at++;
        }
        return at;
    }

    private static int[] ids(String model, String tensor) {
        long[] ids =
                SafetensorsFile.open(ReferenceFiles.path(recorded(model, "e2e"))).longs(tensor);
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
}
