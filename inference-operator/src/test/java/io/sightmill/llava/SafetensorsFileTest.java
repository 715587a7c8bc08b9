package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("some.safetensors");
    }

    @Test
    void readsNamesTypesShapesAndValues() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(-7).putLong(9).putFloat(1.5f).putFloat(-2f);
        CheckpointCopy.writeSafetensors(
                file,
                """
                {"__metadata__": {"format": "pt"},
                 "ids": {"dtype": "I64", "shape": [1, 2], "data_offsets": [0, 16]},
                 "values": {"dtype": "F32", "shape": [2], "data_offsets": [16, 24]}}""",
                data.array());

        SafetensorsFile opened = SafetensorsFile.open(file);

        assertThat(opened.tensors()).containsOnlyKeys("ids", "values");
        assertThat(opened.tensor("ids").orElseThrow().shape()).isEqualTo(List.of(1L, 2L));
        assertThat(opened.longs("ids")).containsExactly(-7, 9);
        assertThat(opened.floats("values")).containsExactly(1.5f, -2f);
    }

    @Test
    void refusesToReadATensorAsAnotherType() throws IOException {
        CheckpointCopy.writeSafetensors(file, header("U8", "[4]", "[0, 4]"), new byte[4]);

        assertThatThrownBy(() -> SafetensorsFile.open(file).floats("t"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("no F32 tensor 't'");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 100, 99_999_999, 100_000_001, Long.MAX_VALUE})
    void refusesAHeaderLengthThatCannotBe(long length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Files.write(file, bytes.array());

        assertBroken("a header of " + Long.toUnsignedString(length) + " bytes");
    }

    @Test
    void refusesAFileTooShortForALength() throws IOException {
        Files.write(file, new byte[7]);

        assertBroken("7 bytes cannot hold a header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2]", "{", "nonsense", "{\"t\": {}, \"t\": {}}"})
    void refusesAHeaderThatIsNoSoundJson(String header) throws IOException {
        CheckpointCopy.writeSafetensors(file, header, new byte[4]);

        assertBroken("header");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F16    | [2]          | [0, 5]   | takes 5 bytes",
                "F16    | [2]          | [2, 0]   | data_offsets [2, 0]",
                "F16    | [2]          | [6, 10]  | data_offsets [6, 10] in 8 bytes",
                "F16    | [2]          | [-4, 0]  | has -4 in its data_offsets",
                "F16    | [2]          | [0]      | 1 data_offsets",
                "F16    | [2]          | [0, 4, 8] | 3 data_offsets",
                "F16    | [-2]         | [0, 4]   | has -2 in its shape",
                "F16    | [18446744073709551618] | [0, 4] | in its shape",
                "F16    | [1.5]        | [0, 3]   | has 1.5 in its shape",
                "F16    | 2            | [0, 4]   | no list of shape",
                "F16    | [4294967296, 4294967296] | [0, 0] | more than 2^63 bytes",
                "F16    | [9223372036854775808]    | [0, 0] | in its shape",
                "Q7     | [2]          | [0, 4]   | unknown dtype 'Q7'",
            })
    void refusesATensorThatContradictsItselfOrTheFile(
            String type, String shape, String offsets, String complaint) throws IOException {
        CheckpointCopy.writeSafetensors(file, header(type, shape, offsets), new byte[8]);

        assertBroken(complaint);
    }

    @Test
    void refusesOverlappingTensors() throws IOException {
        CheckpointCopy.writeSafetensors(
                file,
                """
                {"a": {"dtype": "U8", "shape": [5], "data_offsets": [0, 5]},
                 "b": {"dtype": "U8", "shape": [4], "data_offsets": [4, 8]}}""",
                new byte[8]);

        assertBroken("'b' overlaps tensor 'a'");
    }

    private static String header(String type, String shape, String offsets) {
        return "{\"t\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}}"
                .formatted(type, shape, offsets);
    }

    private void assertBroken(String complaint) {
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(complaint);
    }
}
