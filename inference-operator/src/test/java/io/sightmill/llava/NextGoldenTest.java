package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * LLaVA-NeXT from the reference's pixels and image sizes to its tokens.
 *
 * <p>Recorded with transformers 5.18.0 and torch 2.13.0 on the CPU: {@code
 * LlavaNextForConditionalGeneration.from_pretrained(directory, dtype=torch.float32,
 * attn_implementation="eager")}, called with input_ids, pixel_values and image_sizes; the generated
 * ids are the largest logits, one full forward pass each. The model has to be loaded so: one that
 * was cast to float16 and back keeps rotary frequencies rounded to float16, and its logits are off
 * by 0.02.
 */
class NextGoldenTest {

    private static final Path CHECKPOINT = ReferenceFiles.path("next");

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"case1", "case2", "case3", "case4"})
    void equalsTheReferenceInFloat32(String name) {
        GoldenResult result = verify(CHECKPOINT, Precision.FLOAT32, name);

        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(result.idsEqual()).isTrue();
        assertThat(result.projectorDifference()).isPresent();
        assertThat(result.logitsDifference()).isPresent();
    }

    // Recorded in the same way for tiny20x30.png and wide.png, whose pixel_values are filled up to
    // as many tiles as the larger has.
    @Test
    void givesEachOfSeveralImagesItsOwnTiles() {
        GoldenResult result = verify(CHECKPOINT, Precision.FLOAT32, "two-images");

        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(result.idsEqual()).isTrue();
        assertThat(result.generatedLogitsDifference()).isPresent();
    }

    @Test
    void staysWithinRoundingOfTheReferenceInBfloat16() {
        GoldenResult result = verify(CHECKPOINT, Precision.BFLOAT16, "case3");

        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(result.logitsDifference().orElseThrow()).isGreaterThan(0.01);
    }

    @Test
    void acceptsTheTensorNamesOfNewReleases() throws IOException {
        CheckpointCopy copy = CheckpointCopy.of("next", directory);
        copy.renameTensors(
                name ->
                        name.replaceFirst("^language_model\\.model\\.", "model.language_model.")
                                .replaceFirst("^language_model\\.lm_head", "lm_head")
                                .replaceFirst("^vision_tower", "model.vision_tower")
                                .replaceFirst("^image_newline", "model.image_newline")
                                .replaceFirst(
                                        "^multi_modal_projector", "model.multi_modal_projector"));

        assertThat(verify(directory, Precision.FLOAT32, "case1").holds()).isTrue();
    }

    @Test
    void namesTheNewlineWhereItIsMissing() throws IOException {
        CheckpointCopy copy = CheckpointCopy.of("next", directory);
        copy.renameTensors(name -> name.replaceFirst("^image_newline", "image_line"));

        assertThatThrownBy(() -> verify(directory, Precision.FLOAT32, "case1"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("lacks tensor 'image_newline'");
    }

    @Test
    void refusesACaseOfAModelWithoutTiles() {
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(CHECKPOINT, Precision.FLOAT32, Device.cpu())) {
            assertThatThrownBy(() -> verifier.verify(ReferenceFiles.path("case1.safetensors")))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("image_sizes");
        }
    }

    private static GoldenResult verify(Path checkpoint, Precision precision, String name) {
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(checkpoint, precision, Device.cpu())) {
            return verifier.verify(ReferenceFiles.path("next/" + name + ".safetensors"));
        }
    }
}
