package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiniteCheckTest {

    @TempDir private Path directory;

    /** Values that are looked at together; the tensor has a few more. */
    private static final int PIECE = 1 << 22;

    @ParameterizedTest
    @CsvSource({
        "-1, -1, -1",
        "0, 0, 0",
        "7, 4194304, 7",
        "4194303, 4194305, 4194303",
        "4194304, 4194305, 4194304",
        "4194309, 4194309, 4194309",
    })
    void findsTheFirstOfTwo(int one, int other, long expected) {
        float[] values = new float[PIECE + 6];
        if (one >= 0) {
            values[one] = Float.NaN;
            values[other] = Float.NEGATIVE_INFINITY;
        }
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
            TorchScriptModule kernels = TorchScriptModule.load("checkpoint", manager);
            NDArray tensor = manager.create(values, new Shape(2, values.length / 2));

            long first = kernels.call("first_not_finite").with(tensor).run(manager).getLong(0);

            assertThat(first).isEqualTo(expected);
        }
    }

    /** The engine's Java side has no bfloat16: what is checked must stay inside the kernels. */
    @ParameterizedTest
    @CsvSource({
        "F32, 2143289344, 4, true",
        "F32, 1065353216, 4, false",
        "F16, 31744, 2, true",
        "F16, 31743, 2, false",
        "BF16, 32640, 2, true",
        "BF16, 65472, 2, true",
        "BF16, 32639, 2, false"
    })
    void looksThroughEveryTypeOfWeight(String type, long bits, int width, boolean isBad)
            throws IOException {
        ByteBuffer data = ByteBuffer.allocate(6 * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < width; i++) {
            data.put(5 * width + i, (byte) (bits >> 8 * i));
        }
        Path file = directory.resolve("t.safetensors");
        CheckpointCopy.writeSafetensors(
                file,
                "{\"t\": {\"dtype\": \"%s\", \"shape\": [2, 3], \"data_offsets\": [0, %d]}}     "
                        .formatted(type, 6 * width),
                data.array());
        SafetensorsFile opened = SafetensorsFile.open(file);
        SafetensorsTensor tensor = opened.tensor("t").orElseThrow();
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
            TorchScriptModule kernels = TorchScriptModule.load("checkpoint", manager);
            PtNDArray mapped = new TensorMapper(kernels).map(opened, tensor, manager);

            Optional<ModelLoadException> complaint =
                    FiniteCheck.complaint(new Checkpoint.Entry(opened, tensor), mapped, kernels);

            assertThat(complaint.isPresent()).isEqualTo(isBad);
            complaint.ifPresent(bad -> assertThat(bad).hasMessageContaining("at [1, 2]"));
        }
    }

    @Test
    void namesThePlaceInEveryDimension() {
        assertThat(FiniteCheck.place(23, List.of(2L, 3L, 4L))).containsExactly(1, 2, 3);
        assertThat(FiniteCheck.place(5, List.of(6L))).containsExactly(5);
        assertThat(FiniteCheck.place(0, List.of())).isEmpty();
    }
}
