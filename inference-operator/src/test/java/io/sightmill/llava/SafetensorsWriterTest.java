package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.llava.SafetensorsWriter.Format;
import io.sightmill.llava.SafetensorsWriter.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    private static final Tensor HALVES = new Tensor("a", Format.F16, 3);
    private static final Tensor FLOATS = new Tensor("b", Format.F32, 1, 2);

    @TempDir private Path directory;

    @Test
    void tensorsFollowTheirHeaderLittleEndian() throws Exception {
        Path file = directory.resolve("model.safetensors");
        try (SafetensorsWriter writer = new SafetensorsWriter(file, List.of(HALVES, FLOATS))) {
            writer.write("a", new float[] {1, -2, 0.5f});
            writer.write("b", new float[] {3.25f, -1e10f});
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
    void aTensorOutOfTurnOrOfTheWrongSizeIsRefused() throws Exception {
        SafetensorsWriter writer =
                new SafetensorsWriter(directory.resolve("x"), List.of(HALVES, FLOATS));

        assertThatThrownBy(() -> writer.write("b", new float[2]))
                .hasMessage("tensor b is not the one at place 0");
        assertThatThrownBy(() -> writer.write("a", new float[2]))
                .hasMessage("tensor a has 2 values and must have 3");
        assertThatThrownBy(writer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was not written");
    }
}
