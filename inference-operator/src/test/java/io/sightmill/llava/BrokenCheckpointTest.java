package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenCheckpointTest {

    @TempDir private Path directory;
    private CheckpointCopy copy;

    @BeforeEach
    void copyCheckpoint() throws IOException {
        copy = CheckpointCopy.in(directory);
    }

    @Test
    void namesAMissingShard() throws IOException {
        Files.delete(copy.file("model-00002-of-00003.safetensors"));

        assertRefused("model-00002-of-00003.safetensors is missing");
    }

    @Test
    void refusesPicklesAndSaysWhy() throws IOException {
        for (Path shard : copy.shards()) {
            Files.delete(shard);
        }
        Files.delete(copy.file("model.safetensors.index.json"));
        Files.write(copy.file("pytorch_model-00001-of-00002.bin"), new byte[] {(byte) 0x80, 2});

        assertRefused("pytorch_model-00001-of-00002.bin is a pickle and is refused", "run code");
    }

    @Test
    void refusesADirectoryWithoutWeights() throws IOException {
        for (Path shard : copy.shards()) {
            Files.delete(shard);
        }
        Files.delete(copy.file("model.safetensors.index.json"));

        assertRefused("has neither model.safetensors nor model.safetensors.index.json");
    }

    @Test
    void refusesAnIndexThatReachesOutsideTheDirectory() throws IOException {
        copy.edit(
                "model.safetensors.index.json",
                index ->
                        ((ObjectNode) index.get("weight_map"))
                                .put("lm_head.weight", "../other.safetensors"));

        assertRefused("names '../other.safetensors'");
    }

    @Test
    void namesAMissingTensorAndWhereItLooked() throws IOException {
        copy.renameTensors(name -> name.replace("language_model.model.norm", "some.norm"));

        assertRefused(
                "lacks tensor 'language_model.model.norm.weight'",
                "model.language_model.norm.weight");
    }

    @Test
    void namesTensorAndShapeWhereTheConfigurationDisagrees() throws IOException {
        copy.edit("config.json", config -> text(config).put("intermediate_size", 353));

        assertRefused(
                "model-00002-of-00003.safetensors",
                "'language_model.model.layers.0.mlp.gate_proj.weight' is F16 [352, 128]",
                "[353, 128]");
    }

    @Test
    void refusesATensorThatHoldsNoWeights() throws IOException {
        copy.editHeader(
                "model-00002-of-00003.safetensors",
                header -> header.replaceFirst("\"F16\"", "\"I16\""));

        assertRefused("model-00002-of-00003.safetensors: tensor '", "is I16 [", "F32, F16 or BF16");
    }

    @Test
    void refusesATensorThatIsInTwoShards() throws IOException {
        Files.copy(
                copy.file("model-00002-of-00003.safetensors"),
                copy.file("model-00004-of-00003.safetensors"));
        copy.edit(
                CheckpointCopy.INDEX,
                index ->
                        ((ObjectNode) index.get("weight_map"))
                                .put("one.more", "model-00004-of-00003.safetensors"));

        assertRefused(
                "tensor '", "is in both", "model-00002-of-00003.safetensors and", "model-00004-of");
    }

    @Test
    void refusesAnIndexThatLooksForATensorInTheWrongShard() throws IOException {
        copy.edit(
                CheckpointCopy.INDEX,
                index ->
                        ((ObjectNode) index.get("weight_map"))
                                .put(
                                        "language_model.lm_head.weight",
                                        "model-00001-of-00003.safetensors"));

        assertRefused(
                CheckpointCopy.INDEX,
                "'language_model.lm_head.weight' is in model-00001-of-00003.safetensors",
                "does not hold it, but model-00003-of-00003.safetensors does");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7E00, 0xFE01, 0x7C00, 0xFC00})
    void findsWeightsThatAreNoNumbersIfAsked(int bits) throws IOException {
        copy.overwrite(
                "model-00003-of-00003.safetensors",
                "language_model.lm_head.weight",
                7 * 128 + 5,
                bits);

        Refusal.assertLoads(directory, LoadOptions.defaults());
        Refusal.assertRefused(
                directory,
                new LoadOptions(true, false),
                "model-00003-of-00003.safetensors: tensor 'language_model.lm_head.weight'",
                "is NaN or infinite at [7, 5]",
                "download it again");
    }

    @Test
    void loadsSoundWeightsThatAreChecked() {
        Refusal.assertLoads(directory, new LoadOptions(true, false));
    }

    @Test
    void refusesATruncatedShard() throws IOException {
        Path shard = copy.file("model-00003-of-00003.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        Files.write(shard, java.util.Arrays.copyOf(bytes, bytes.length - 1));

        assertRefused("model-00003-of-00003.safetensors is broken", "data_offsets");
    }

    @Test
    void refusesAModelOfAnotherKind() throws IOException {
        copy.edit("config.json", config -> config.put("model_type", "llava_onevision"));

        assertRefused(
                "config.json: model_type is 'llava_onevision'; only 'llava' or 'llava_next' is supported");
    }

    @Test
    void refusesImagesOfAnotherSizeThanTheVisionTower() throws IOException {
        copy.edit(
                "preprocessor_config.json",
                config ->
                        ((ObjectNode) config.get("crop_size")).put("height", 42).put("width", 42));

        assertRefused("preprocessor_config.json makes images of 42 pixels", "image_size");
    }

    @Test
    void refusesADeviceThatIsNotThere() {
        assertThatThrownBy(
                        () ->
                                LlavaModel.open(
                                        directory,
                                        Precision.FLOAT32,
                                        new Device(Device.Kind.GPU, 99)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("GPU 99 is asked for");
    }

    private static ObjectNode text(ObjectNode config) {
        return (ObjectNode) config.get("text_config");
    }

    private void assertRefused(String... complaints) {
        Refusal.assertRefused(directory, complaints);
    }
}
