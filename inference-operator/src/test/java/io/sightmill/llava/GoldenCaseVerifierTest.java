package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenCaseVerifierTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"case1", "case2", "case3", "case4", "e2e1", "e2e2"})
    void equalsTheReferenceInFloat32(String name) {
        GoldenResult result = verify(ReferenceFiles.path("tiny-llava"), Precision.FLOAT32, name);

        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(result.idsEqual()).isTrue();
        assertThat(result.generatedLogitsDifference()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"case1", "case2", "case3", "case4"})
    void staysWithinRoundingOfTheReferenceInBfloat16(String name) {
        GoldenResult result = verify(ReferenceFiles.path("tiny-llava"), Precision.BFLOAT16, name);

        assertThat(result.holds()).as(result.toString()).isTrue();
        // It rounds, and so it differs: equal would mean that the precision was ignored.
        assertThat(result.logitsDifference().orElseThrow()).isGreaterThan(0.01);
        assertThat(result.equalIds()).isGreaterThanOrEqualTo(result.generatedIds() - 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"case1", "case2", "case3", "case4"})
    void staysWithinRoundingOfTheReferenceInInt8(String name) {
        GoldenResult result = verify(ReferenceFiles.path("tiny-llava"), Precision.INT8, name);

        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(result.logitsDifference().orElseThrow()).isGreaterThan(0.01);
    }

    @Test
    void acceptsTheTensorNamesOfNewReleases() throws IOException {
        CheckpointCopy copy = CheckpointCopy.in(directory);
        copy.renameTensors(
                name ->
                        name.replaceFirst("^language_model\\.model\\.", "model.language_model.")
                                .replaceFirst("^language_model\\.lm_head", "lm_head")
                                .replaceFirst("^vision_tower", "model.vision_tower")
                                .replaceFirst(
                                        "^multi_modal_projector", "model.multi_modal_projector"));

        assertThat(verify(directory, Precision.FLOAT32, "case1").holds()).isTrue();
    }

    @Test
    void acceptsAVisionTowerWithoutItsInnerPrefix() throws IOException {
        CheckpointCopy copy = CheckpointCopy.in(directory);
        copy.renameTensors(name -> name.replace("vision_tower.vision_model.", "vision_tower."));

        assertThat(verify(directory, Precision.FLOAT32, "case1").holds()).isTrue();
    }

    @Test
    void copiesTensorsThatAreNotAligned() throws IOException {
        CheckpointCopy.in(directory).misalign();

        assertThat(verify(directory, Precision.FLOAT32, "case1").holds()).isTrue();
    }

    @Test
    void failsACaseWhoseLogitsDiffer() throws IOException {
        Path changed = changed("case4", "logits", 17 * 4, bytes -> bytes.putFloat(1000f));

        GoldenResult result = verify(changed);

        assertThat(result.holds()).isFalse();
        assertThat(result.logitsDifference().orElseThrow()).isGreaterThan(900);
        assertThat(result.idsEqual()).isTrue();
    }

    @Test
    void failsACaseOfASmallerVocabulary() throws IOException {
        Path file = directory.resolve("small.safetensors");
        String header =
                "{\"input_ids\": {\"dtype\": \"I64\", \"shape\": [1, 1], \"data_offsets\": [0, 8]},"
                        + " \"generated_ids\": {\"dtype\": \"I64\", \"shape\": [1, 1],"
                        + " \"data_offsets\": [8, 16]}, \"logits\": {\"dtype\": \"F32\","
                        + " \"shape\": [1, 1, 2], \"data_offsets\": [16, 24]}}";
        CheckpointCopy.writeSafetensors(file, header, new byte[24]);

        assertThat(verify(file).holds()).isFalse();
    }

    @Test
    void failsACaseWhoseTokensDiffer() throws IOException {
        Path changed = changed("case4", "generated_ids", 15 * 8, bytes -> bytes.putLong(3));

        GoldenResult result = verify(changed);

        assertThat(result.holds()).isFalse();
        assertThat(result.equalIds()).isEqualTo(15);
    }

    @Test
    void refusesACaseForAnotherModel() throws IOException {
        Path changed = changed("case1", "input_ids", 0, bytes -> bytes.putLong(500));

        assertThatThrownBy(() -> verify(changed))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("17 image tokens; its images take 16");
    }

    @Test
    void refusesACaseWhoseIdsAreNoIds() throws IOException {
        Path changed = changed("case4", "input_ids", 0, bytes -> bytes.putLong(1L << 40));

        assertThatThrownBy(() -> verify(changed))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(changed + " is no case for this model");
    }

    private interface Change {
        void apply(ByteBuffer at);
    }

    private Path changed(String name, String tensor, int offset, Change change) throws IOException {
        Path original = ReferenceFiles.path(name + ".safetensors");
        byte[] bytes = Files.readAllBytes(original);
        long begin = SafetensorsFile.open(original).tensor(tensor).orElseThrow().begin();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        change.apply(buffer.position(Math.toIntExact(begin) + offset));
        return Files.write(directory.resolve("changed.safetensors"), bytes);
    }

    private static GoldenResult verify(Path file) {
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(
                        ReferenceFiles.path("tiny-llava"), Precision.FLOAT32, Device.cpu())) {
            return verifier.verify(file);
        }
    }

    private static GoldenResult verify(Path checkpoint, Precision precision, String name) {
        try (GoldenCaseVerifier verifier =
                new GoldenCaseVerifier(checkpoint, precision, Device.cpu())) {
            return verifier.verify(ReferenceFiles.path(name + ".safetensors"));
        }
    }
}
