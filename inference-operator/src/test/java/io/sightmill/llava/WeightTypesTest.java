package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of every type, and the tensors that are asked for.
 *
 * <p>{@code float16/case1..4} were recorded with transformers 5.18.0 and torch 2.13.0 on the CPU:
 * {@code LlavaForConditionalGeneration.from_pretrained(directory, dtype=torch.float16,
 * attn_implementation="eager")}, pixels in float16, greedy, one full forward pass a token. {@code
 * two-layers} in float32 with {@code vision_feature_layer = [1, -2]} and a first projector layer of
 * twice the width: {@code torch.cat([weight, weight.flip(0)], 1)}.
 */
class WeightTypesTest {

    private static final int[] PROMPT = {1, 33, 17, 402, 256, 90, 311, 4, 77};

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"case1", "case2", "case3", "case4"})
    void aFloat16FileGivesWhatTheReferenceGivesInFloat16(String name) {
        try (GoldenCaseVerifier verifier = verifier(ReferenceFiles.path("tiny-llava"))) {
            GoldenResult result =
                    verifier.verify(ReferenceFiles.path("float16/" + name + ".safetensors"));

            assertThat(result.logitsDifference().orElseThrow()).isLessThan(0.1);
            assertThat(result.idsEqual()).isTrue();
            // The figures are float16's: equal ones would mean that they are not.
            assertThat(result.logitsDifference().orElseThrow()).isGreaterThan(1e-3);
        }
    }

    @Test
    void aFloat32FileOfTheSameValuesGivesTheSameBits() throws IOException {
        WeightsCopy.of("tiny-llava", directory).write(ElementType.F32);

        assertThat(Files.exists(directory.resolve("model.safetensors.index.json"))).isFalse();
        assertThat(logits(directory)).isEqualTo(logits(ReferenceFiles.path("tiny-llava")));
        assertThat(features(directory)).isEqualTo(features(ReferenceFiles.path("tiny-llava")));
    }

    @Test
    void aBfloat16FileGivesTheBitsOfItsValuesInFloat32() throws IOException {
        Path narrow = Files.createDirectory(directory.resolve("narrow"));
        Path wide = Files.createDirectory(directory.resolve("wide"));
        WeightsCopy rounded = WeightsCopy.of("tiny-llava", wide);
        WeightsCopy.of("tiny-llava", narrow).write(ElementType.BF16);
        rounded.roundToBfloat16();
        rounded.write(ElementType.F32);

        assertThat(logits(narrow))
                .isEqualTo(logits(wide))
                .isNotEqualTo(logits(ReferenceFiles.path("tiny-llava")));
        assertThat(features(narrow)).isEqualTo(features(wide));
    }

    // Three layers; the hidden state -2 is what leaves the second.
    @Test
    void layersOfTheVisionTowerThatAreNotUsedMayBeMissing() throws IOException {
        WeightsCopy weights = WeightsCopy.of("tiny-llava", directory);
        int before = weights.weights().size();
        weights.weights()
                .keySet()
                .removeIf(
                        name ->
                                name.startsWith("vision_tower")
                                        && (name.contains("encoder.layers.2.")
                                                || name.contains("post_layernorm")));
        assertThat(weights.weights()).hasSize(before - 16 - 2);
        weights.write(ElementType.F16);

        try (GoldenCaseVerifier verifier = verifier(directory)) {
            assertThat(verifier.verify(ReferenceFiles.path("case1.safetensors")).holds()).isTrue();
        }
    }

    @Test
    void aLayerThatIsUsedMayNot() throws IOException {
        WeightsCopy weights = WeightsCopy.of("tiny-llava", directory);
        weights.weights().remove("vision_tower.vision_model.encoder.layers.1.mlp.fc2.bias");
        weights.write(ElementType.F16);

        assertThatThrownBy(() -> verifier(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("encoder.layers.1.mlp.fc2.bias");
    }

    @Test
    void joinsTheHiddenStatesOfSeveralLayers() throws IOException {
        WeightsCopy weights = WeightsCopy.of("tiny-llava", directory);
        weights.weights()
                .computeIfPresent(
                        "multi_modal_projector.linear_1.weight",
                        (name, one) -> besideItsReverse(one));
        weights.write(ElementType.F16);
        weights.copy()
                .edit("config.json", root -> root.putArray("vision_feature_layer").add(1).add(-2));

        try (GoldenCaseVerifier verifier = verifier(directory)) {
            GoldenResult result = verifier.verify(ReferenceFiles.path("two-layers.safetensors"));

            assertThat(result.holds()).as(result.toString()).isTrue();
            assertThat(result.projectorDifference()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "language_model.model.|model.language_model.",
                "language_model.lm_head|lm_head",
                "vision_tower.vision_model|model.vision_tower.vision_model",
                "vision_tower.vision_model|vision_tower",
                "vision_tower.vision_model|model.vision_tower",
                "multi_modal_projector|model.multi_modal_projector"
            })
    void eachPartMayHaveItsOldOrItsNewNames(String oldAndNew) throws IOException {
        String[] names = oldAndNew.split("\\|");
        CheckpointCopy.in(directory)
                .renameTensors(
                        name ->
                                name.startsWith(names[0])
                                        ? names[1] + name.substring(names[0].length())
                                        : name);

        assertThat(logits(directory)).isEqualTo(logits(ReferenceFiles.path("tiny-llava")));
        assertThat(features(directory)).isEqualTo(features(ReferenceFiles.path("tiny-llava")));
    }

    /** [rows, width] to [rows, 2 * width]: on the right, the rows from the last to the first. */
    private static WeightsCopy.Weight besideItsReverse(WeightsCopy.Weight one) {
        int rows = Math.toIntExact(one.shape()[0]);
        int width = Math.toIntExact(one.shape()[1]);
        float[] joined = new float[2 * rows * width];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(one.values(), row * width, joined, 2 * row * width, width);
            System.arraycopy(
                    one.values(), (rows - 1 - row) * width, joined, (2 * row + 1) * width, width);
        }
        return new WeightsCopy.Weight(new long[] {rows, 2L * width}, joined);
    }

    private static GoldenCaseVerifier verifier(Path checkpoint) {
        return new GoldenCaseVerifier(checkpoint, Precision.FLOAT32, Device.cpu());
    }

    private static float[][] logits(Path checkpoint) {
        try (LlavaNetwork network = LlavaNetwork.open(checkpoint, Precision.FLOAT32, Device.cpu());
                NDManager scope = network.newScope();
                KvPool pool = network.language().newPool();
                KvCache cache = pool.newCache(PROMPT.length)) {
            PtNDArray embedded = network.language().embed(PROMPT, scope);
            PtNDArray hidden = network.language().prefill(embedded, cache, 0, scope);
            return network.language().logits(hidden, 0, scope);
        }
    }

    private static float[] features(Path checkpoint) {
        float[] pixels =
                SafetensorsFile.open(ReferenceFiles.path("case1.safetensors"))
                        .floats("pixel_values");
        try (LlavaNetwork network = LlavaNetwork.open(checkpoint, Precision.FLOAT32, Device.cpu());
                NDManager scope = network.newScope()) {
            PtNDArray hidden = network.encoder().encode(pixels, scope);
            return network.projector().values(network.projector().project(hidden, scope));
        }
    }
}
