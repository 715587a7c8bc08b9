package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * LLaVA-NeXT from an image file and a question to the reference's answer.
 *
 * <p>Recorded as the cases of {@link NextGoldenTest} were, pixels by {@code
 * LlavaNextImageProcessorPil(size={"shortest_edge": 56}, crop_size={"height": 56, "width": 56},
 * image_grid_pinpoints=model.config.image_grid_pinpoints)(image.convert("RGB"))}.
 */
class NextModelTest {

    private static final int TOKENS = 16;

    private static LlavaModel model;

    @TempDir private Path directory;

    @BeforeAll
    static void open() {
        model = LlavaModel.open(ReferenceFiles.path("next"), Precision.FLOAT32, Device.cpu());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, photo.png, 5, What is shown in this image?",
        "2, tall.png, 4, Describe it.",
        "3, wide.png, 4, Describe it."
    })
    void answersAsTheReferenceDoes(int index, String image, int tiles, String question)
            throws Exception {
        String recorded = "next/e2e" + index + ".safetensors";

        PreparedRequest prepared = prepare(image, question);

        PixelImage pixels = (PixelImage) prepared.images().get(0);
        assertThat(pixels.grid().tiles()).isEqualTo(tiles);
        assertThat(pixels.pixels())
                .containsExactly(ReferenceFiles.floats(recorded, "pixel_values"), within(1e-6f));
        Sequence answered = answer(prepared);
        assertThat(answered.prompt().tokenIds()).isEqualTo(ids(recorded, "input_ids"));
        assertThat(answered.tokens()).isEqualTo(ids(recorded, "generated_ids"));
    }

    @Test
    void preparesSeveralImagesOfOnePrompt() throws Exception {
        String recorded = "next/two-images.safetensors";
        float[] expected = ReferenceFiles.floats(recorded, "pixel_values");
        int tile = 3 * 56 * 56;

        PreparedRequest prepared = prepare(List.of("tiny20x30.png", "wide.png"), "Compare them.");

        PixelImage small = (PixelImage) prepared.images().get(0);
        PixelImage wide = (PixelImage) prepared.images().get(1);
        assertThat(small.pixels())
                .containsExactly(Arrays.copyOf(expected, 3 * tile), within(1e-6f));
        assertThat(wide.pixels())
                .containsExactly(Arrays.copyOfRange(expected, 4 * tile, 8 * tile), within(1e-6f));
        assertThat(prepared.tasks().get(0).prompt().images())
                .extracting(span -> span.image().tokens())
                .containsExactly(28, 42);
    }

    @Test
    void theKeyTellsGridsApart() throws Exception {
        byte[] file = ReferenceFiles.image("photo56.png");
        PreprocessorConfig config = PreprocessorConfig.read(ReferenceFiles.path("next"));
        ImagePreprocessor lying = preprocessor(config, new Resolution(56, 112));
        ImagePreprocessor standing = preprocessor(config, new Resolution(112, 56));

        assertThat(lying.preprocess(file).key())
                .isEqualTo(lying.preprocess(file).key())
                .isNotEqualTo(standing.preprocess(file).key());
    }

    @Test
    void tilesShowTheImageBetweenBlackBars() {
        PreprocessorConfig config = PreprocessorConfig.read(ReferenceFiles.path("next"));
        ImagePreprocessor images = preprocessor(config, new Resolution(56, 112));
        TileGrid grid = new ImageLayout(16, 56, 14, List.of(new Resolution(56, 112))).grid(9, 9);

        byte[] left = images.tile(new Uniform(9, 9), grid, 0);
        byte[] right = images.tile(new Uniform(9, 9), grid, 1);

        for (int column = 0; column < 56; column++) {
            assertThat(left[column * 3]).isEqualTo((byte) (column < 28 ? 0 : 200));
            assertThat(right[column * 3]).isEqualTo((byte) (column < 28 ? 200 : 0));
        }
    }

    @Test
    void refusesResolutionsThatTheTwoFilesDisagreeOn() throws IOException {
        CheckpointCopy copy = CheckpointCopy.of("next", directory);
        copy.edit(
                "preprocessor_config.json",
                root -> root.putArray("image_grid_pinpoints").addArray().add(56).add(112));

        assertThatThrownBy(() -> LlavaModel.open(directory, Precision.FLOAT32, Device.cpu()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("preprocessor_config.json")
                .hasMessageContaining("image_grid_pinpoints");
    }

    @Test
    void takesWhatPublishedPreprocessorFilesSay() throws IOException {
        CheckpointCopy copy = CheckpointCopy.of("next", directory);
        copy.edit(
                "preprocessor_config.json",
                root -> root.put("do_pad", true).put("aspect_ratio_setting", "anyres"));
        copy.edit("config.json", root -> root.put("image_aspect_ratio", "anyres"));

        assertThat(PreprocessorConfig.read(directory))
                .isEqualTo(PreprocessorConfig.read(ReferenceFiles.path("next")));
    }

    private static PreparedRequest prepare(String image, String question) throws Exception {
        return prepare(List.of(image), question);
    }

    private static PreparedRequest prepare(List<String> images, String question) throws Exception {
        TaskInput task =
                new TaskInput(
                        "t",
                        TaskKind.GENERATE,
                        List.of(new DialogueTurn(DialogueTurn.Role.USER, question)),
                        List.of(),
                        GenerationOptions.greedy(TOKENS));
        List<ImageInput> files = new ArrayList<>();
        for (String image : images) {
            files.add(new ImageInput(ReferenceFiles.image(image), ""));
        }
        return model.preprocessor().preprocess(new RequestInput("r", files, List.of(task)));
    }

    private static Sequence answer(PreparedRequest prepared) {
        Sequence sequence =
                new Sequence(new SequenceRequest("r", Lane.LIVE, prepared.tasks().get(0)));
        SequenceDriver driver = new SequenceDriver(model.runner());
        model.runner().admit(sequence);
        driver.prefill(sequence, 256);
        while (sequence.tokenCount() < TOKENS) {
            driver.decode(List.of(sequence));
        }
        model.runner().release(sequence);
        return sequence;
    }

    private static ImagePreprocessor preprocessor(
            PreprocessorConfig config, Resolution resolution) {
        return new ImagePreprocessor(
                config, ImageLimits.defaults(), new ImageLayout(16, 56, 14, List.of(resolution)));
    }

    private static int[] ids(String file, String tensor) {
        long[] ids = SafetensorsFile.open(ReferenceFiles.path(file)).longs(tensor);
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    /** One grey all over. */
    private record Uniform(int width, int height) implements RgbRows {

        @Override
        public void read(int row, int[] rgb) {
            Arrays.fill(rgb, 200);
        }
    }
}
