package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engine's promise of equal answers under any load rests on. */
class LinearRowsTest {

    private static final int ROWS = 32;

    private static NDManager manager;
    private static TorchScriptModule kernels;

    @BeforeAll
    static void load() {
        manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
        kernels = TorchScriptModule.load("checkpoint", manager);
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 128, 256",
        "FLOAT32, 352, 128",
        "FLOAT32, 100, 52",
        "FLOAT32, 1024, 1536",
        "BFLOAT16, 128, 256",
        "BFLOAT16, 352, 128",
        "BFLOAT16, 1024, 1536",
    })
    void aRowHasTheSameBitsWhateverSharesItsBatch(Precision precision, int inputs, int outputs) {
        try (NDManager scope = manager.newSubManager()) {
            long type = precision.scalarType();
            long product = ProductType.detect(precision, kernels, "cpu", scope).scalarType();
            NDArray weight =
                    kernels.call("weight")
                            .with(List.of(random(scope, 1, outputs, inputs)))
                            .with(type)
                            .with(product)
                            .with("cpu")
                            .run(scope);
            NDArray bias =
                    kernels.call("bias")
                            .with(List.of(random(scope, 2, outputs)))
                            .with(type)
                            .with(product)
                            .with("cpu")
                            .run(scope);
            NDArray x = random(scope, 3, ROWS, inputs);

            int[][] alone = new int[ROWS][];
            for (int row = 0; row < ROWS; row++) {
                alone[row] = bits(x.get(row + ":" + (row + 1)), weight, bias, type, scope);
            }
            for (int batch = 2; batch <= 17; batch++) {
                int first = ROWS - batch - (batch % 3);
                NDArray some = x.get(first + ":" + (first + batch));
                int[] together = bits(some, weight, bias, type, scope);
                for (int row = 0; row < batch; row++) {
                    assertThat(Arrays.copyOfRange(together, row * outputs, (row + 1) * outputs))
                            .as("row %d of a batch of %d", row, batch)
                            .isEqualTo(alone[first + row]);
                }
            }
        }
    }

    private static int[] bits(NDArray x, NDArray weight, NDArray bias, long type, NDManager scope) {
        float[] values =
                kernels.call("product")
                        .with(x)
                        .with(weight)
                        .with(bias)
                        .with(type)
                        .run(scope)
                        .toFloatArray();
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    private static NDArray random(NDManager scope, long seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return scope.create(values, new Shape(shape));
    }
}
