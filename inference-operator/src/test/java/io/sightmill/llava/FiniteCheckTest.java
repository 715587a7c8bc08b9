package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiniteCheckTest {

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

    @Test
    void namesThePlaceInEveryDimension() {
        assertThat(FiniteCheck.place(23, List.of(2L, 3L, 4L))).containsExactly(1, 2, 3);
        assertThat(FiniteCheck.place(5, List.of(6L))).containsExactly(5);
        assertThat(FiniteCheck.place(0, List.of())).isEmpty();
    }
}
