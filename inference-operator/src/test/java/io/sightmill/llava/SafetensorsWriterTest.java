package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.llava.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsWriterTest {

    private static final Tensor HALVES = new Tensor("a", WeightType.FLOAT16, 3);
    private static final Tensor FLOATS = new Tensor("b", WeightType.FLOAT32, 1, 2);

    @TempDir private Path directory;

    @Test
    void tensorsFollowTheirHeaderLittleEndianInWhateverOrderTheyCome() throws Exception {
        Path file = directory.resolve("model.safetensors");
        try (SafetensorsWriter writer = new SafetensorsWriter(file, List.of(HALVES, FLOATS))) {
            writer.write(1, 1, values(WeightType.FLOAT32, -1e10f));
            writer.write(0, 0, values(WeightType.FLOAT16, 1, -2));
            writer.write(1, 0, values(WeightType.FLOAT32, 3.25f));
            writer.write(0, 2, values(WeightType.FLOAT16, 0.5f));
            writer.finish();
        }

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(bytes.getLong());
        byte[] header = new byte[headerLength];
        bytes.get(header);
        assertThat(headerLength % 8).isZero();
        assertThat(new String(header, StandardCharsets.UTF_8).strip())
                .isEqualTo(
                        "{\"__metadata__\":{\"format\":\"pt\"},"
                                + "\"a\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],"
                                + "\"data_offsets\":[6,14]}}");
        assertThat(bytes.getShort()).isEqualTo((short) 0x3C00);
        assertThat(bytes.getShort()).isEqualTo((short) 0xC000);
        assertThat(bytes.getShort()).isEqualTo((short) 0x3800);
        assertThat(bytes.getFloat()).isEqualTo(3.25f);
        assertThat(bytes.getFloat()).isEqualTo(-1e10f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aPieceThatDoesNotFitIsRefused() throws Exception {
        try (SafetensorsWriter writer = writer()) {
            assertThatThrownBy(() -> writer.write(0, 2, values(WeightType.FLOAT16, 1, 2)))
                    .hasMessage("tensor a has 3 values; 4 bytes do not fit from value 2 on");
            assertThatThrownBy(() -> writer.write(0, -1, values(WeightType.FLOAT16, 1)))
                    .hasMessageContaining("from value -1 on");
        }
    }

    @Test
    void aFileWithAGapIsNotFinished() throws Exception {
        try (SafetensorsWriter writer = writer()) {
            writer.write(1, 0, values(WeightType.FLOAT32, 1, 2));

            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching(".*x has got \\d+ of \\d+ bytes");
        }
    }

    // Halves between two neighbours go to the even one.
    @ParameterizedTest
    @CsvSource({
        "1, 3F80",
        "-2, C000",
        "1.00390625, 3F80",
        "1.01171875, 3F82",
        "1.005, 3F81",
        "3.4028235e38, 7F80",
        "NaN, 7FC0"
    })
    void bfloat16IsTheNearest(float value, String bits) {
        assertThat(values(WeightType.BFLOAT16, value).getShort())
                .isEqualTo((short) Integer.parseInt(bits, 16));
    }

    private SafetensorsWriter writer() throws IOException {
        return new SafetensorsWriter(directory.resolve("x"), List.of(HALVES, FLOATS));
    }

    private static ByteBuffer values(WeightType type, float... values) {
        ByteBuffer buffer =
                ByteBuffer.allocate(values.length * type.element().bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        type.put(buffer, values);
        return buffer.flip();
    }
}
