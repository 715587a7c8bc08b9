package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine's promise of equal answers under any load rests on. */
class LinearRowsTest {

    private static final int ROWS = 35;
    private static final int THREADS = 4;

    private static int threadsBefore;
    private static NDManager manager;
    private static TorchScriptModule kernels;
    private static IValue packed;

    @BeforeAll
    static void load() {
        manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
        threadsBefore = JniUtils.getNumThreads();
        JniUtils.setNumThreads(THREADS);
        kernels = TorchScriptModule.load("checkpoint", manager);
        packed = kernels.call("no_packed").runValue(manager);
    }

    @AfterAll
    static void close() {
        JniUtils.setNumThreads(threadsBefore);
        manager.close();
    }

    // Products are cut between native threads, and where depends on the number of rows.
    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 128, 256",
        "FLOAT32, 352, 128",
        "FLOAT32, 100, 52",
        "FLOAT32, 1024, 1536",
        "KEPT_FLOAT32, 352, 128",
        "KEPT_FLOAT32, 100, 52",
        "KEPT_FLOAT32, 5632, 333",
        "BFLOAT16, 128, 256",
        "BFLOAT16, 352, 128",
        "BFLOAT16, 1024, 1536",
        "PACKED_BFLOAT16, 128, 256",
        "PACKED_BFLOAT16, 352, 128",
        "PACKED_BFLOAT16, 100, 52",
        "PACKED_BFLOAT16, 1024, 1536",
        "PACKED_BFLOAT16, 5632, 333",
        "WIDENED_BFLOAT16, 128, 256",
        "WIDENED_BFLOAT16, 352, 128",
        "WIDENED_BFLOAT16, 100, 52",
        "WIDENED_BFLOAT16, 1024, 1536",
        "WIDENED_BFLOAT16, 5632, 333",
        "INT8, 128, 256",
        "INT8, 352, 128",
        "INT8, 100, 52",
        "PACKED_INT8, 352, 128",
        "PACKED_INT8, 100, 52",
        "PACKED_INT8, 1024, 1536",
        "PACKED_INT8, 5632, 333",
        "WIDENED_INT8, 352, 128",
        "WIDENED_INT8, 100, 52",
        "WIDENED_INT8, 1024, 1536",
        "WIDENED_INT8, 5632, 333",
    })
    void aRowHasTheSameBitsWhateverSharesItsBatch(LinearForm form, int inputs, int outputs) {
        // bfloat16 in this form needs a processor that has it; WIDENED_BFLOAT16 stands in
        // elsewhere.
        LinearForm here = form == LinearForm.BFLOAT16 ? detected(Precision.BFLOAT16) : form;
        try (NDManager scope = manager.newSubManager()) {
            NDArray weights = random(scope, 1, outputs, inputs);
            NDArray weight = weight(here, weights, scope);
            NDArray bias = bias(here, weights, random(scope, 2, outputs), scope);
            NDArray x = random(scope, 3, ROWS, inputs);

            for (int threads : new int[] {1, 2, 4}) {
                JniUtils.setNumThreads(threads);
                requireIndependent(x, weight, bias, here, scope);
            }
        } finally {
            JniUtils.setNumThreads(THREADS);
        }
    }

    private static void requireIndependent(
            NDArray x, NDArray weight, NDArray bias, LinearForm form, NDManager scope) {
        int[][] alone = new int[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            alone[row] = bits(x.get(row + ":" + (row + 1)), weight, bias, form, scope);
        }
        for (int batch = 2; batch <= 33; batch++) {
            int first = ROWS - batch - (batch % 3);
            NDArray some = x.get(first + ":" + (first + batch));
            int[] together = bits(some, weight, bias, form, scope);
            int outputs = together.length / batch;
            for (int row = 0; row < batch; row++) {
                assertThat(Arrays.copyOfRange(together, row * outputs, (row + 1) * outputs))
                        .as("row %d of a batch of %d", row, batch)
                        .isEqualTo(alone[first + row]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aSumWithWhatWasBeforeIsThatOfTheRowAlone(Precision precision) {
        LinearForm form = detected(precision);
        try (NDManager scope = manager.newSubManager()) {
            NDArray weights = random(scope, 1, 256, 352);
            NDArray weight = weight(form, weights, scope);
            NDArray bias = bias(form, weights, random(scope, 2, 256), scope);
            NDArray x = random(scope, 3, ROWS, 352);
            NDArray before = random(scope, 6, ROWS, 256);

            float[] sums = sum(before, x, weight, bias, form, scope);

            for (int row = 0; row < ROWS; row++) {
                String one = row + ":" + (row + 1);
                float[] alone = sum(before.get(one), x.get(one), weight, bias, form, scope);
                assertThat(Arrays.copyOfRange(sums, row * 256, (row + 1) * 256)).isEqualTo(alone);
            }
            int[] product = bits(x, weight, bias, form, scope);
            float[] hidden = before.toFloatArray();
            for (int at = 0; at < sums.length; at++) {
                double sum = hidden[at] + Float.intBitsToFloat(product[at]);
                assertThat((double) sums[at]).isCloseTo(sum, within(0.02 * (1 + Math.abs(sum))));
            }
        }
    }

    // oneDNN's reordered float32 products were wrong for such numbers of outputs.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aFormThatIsTakenGivesThePlainProductAtEveryWidth(Precision precision) {
        LinearForm form = detected(precision);
        for (int outputs : new int[] {3, 33, 48, 49, 64, 80, 112, 333, 352, 1000}) {
            FormTrial trial = new FormTrial(form, kernels, "cpu", manager);
            LinearForm taken = trial.suits(100, outputs) ? form : form.kept();

            assertThat(relativeError(taken, 100, outputs))
                    .as("%s, %d outputs", taken, outputs)
                    .isLessThan(precision == Precision.FLOAT32 ? 1e-5 : 0.05);
        }
    }

    /** Of the largest error to the largest output, by sums made here. */
    private static double relativeError(LinearForm form, int inputs, int outputs) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray weights = random(scope, 4, outputs, inputs);
            NDArray x = random(scope, 5, 7, inputs);
            int[] bits =
                    bits(
                            x,
                            weight(form, weights, scope),
                            bias(form, weights, null, scope),
                            form,
                            scope);
            float[] w = weights.toFloatArray();
            float[] rows = x.toFloatArray();
            double most = 0;
            double error = 0;
            for (int i = 0; i < bits.length; i++) {
                double sum = 0;
                for (int k = 0; k < inputs; k++) {
                    sum += (double) rows[i / outputs * inputs + k] * w[i % outputs * inputs + k];
                }
                most = Math.max(most, Math.abs(sum));
                error = Math.max(error, Math.abs(sum - Float.intBitsToFloat(bits[i])));
            }
            return error / most;
        }
    }

    // Sums of pairs of the loudest products do not fit 16 bits, where some processors put them.
    @ParameterizedTest
    @ValueSource(ints = {64, 100, 1000})
    void theLoudestIntegersDoNotSaturate(int inputs) {
        LinearForm form = detected(Precision.INT8);
        try (NDManager scope = manager.newSubManager()) {
            NDArray weights = scope.full(new Shape(32, inputs), -127f);
            NDArray x = scope.full(new Shape(3, inputs), 127f);

            float[] product = exact(x, weights, form, scope);

            assertThat(product).containsOnly(-127f * 127f * inputs);
        }
    }

    @Test
    void aRowsScaleIsItsOwn() {
        LinearForm form = detected(Precision.INT8);
        try (NDManager scope = manager.newSubManager()) {
            NDArray weights = scope.ones(new Shape(16, 8));
            NDArray x = scope.create(new float[] {1e-3f, 1e4f, 0}).reshape(3, 1).repeat(1, 8);

            float[] product = exact(x, weights, form, scope);

            assertThat(product[0]).isCloseTo(8e-3f, within(1e-8f));
            assertThat(product[16]).isCloseTo(8e4f, within(1e-1f));
            assertThat(product[32]).isZero();
        }
    }

    private static LinearForm detected(Precision precision) {
        return ProductType.detect(precision, kernels, "cpu", manager);
    }

    private static NDArray weight(LinearForm form, NDArray weights, NDManager scope) {
        return kernels.call("weight")
                .with(List.of(weights))
                .with(form.scalarType())
                .with(form.layout())
                .with("cpu")
                .withShared(packed)
                .run(scope);
    }

    private static NDArray bias(LinearForm form, NDArray weights, NDArray bias, NDManager scope) {
        return kernels.call("bias")
                .with(List.of(weights))
                .with(bias == null ? List.of() : List.of(bias))
                .with(form.scalarType())
                .with(form.layout())
                .with("cpu")
                .run(scope);
    }

    /** Without a bias, as float32. */
    private static float[] exact(NDArray x, NDArray weights, LinearForm form, NDManager scope) {
        NDArray weight = weight(form, weights, scope);
        NDArray bias = bias(form, weights, null, scope);
        return product(x, weight, bias, Precision.FLOAT32.scalarType(), scope);
    }

    private static float[] product(
            NDArray x, NDArray weight, NDArray bias, long type, NDManager scope) {
        return kernels.call("product")
                .with(x)
                .with(weight)
                .with(bias)
                .with(type)
                .withShared(packed)
                .run(scope)
                .toFloatArray();
    }

    private static int[] bits(
            NDArray x, NDArray weight, NDArray bias, LinearForm form, NDManager scope) {
        float[] values = product(x, weight, bias, resultType(form), scope);
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    /** Integers are multiplied into float32. */
    private static long resultType(LinearForm form) {
        return form.scalarType() == 1 ? Precision.FLOAT32.scalarType() : form.scalarType();
    }

    private static float[] sum(
            NDArray before,
            NDArray x,
            NDArray weight,
            NDArray bias,
            LinearForm form,
            NDManager scope) {
        return kernels.call("sum")
                .with(before)
                .with(x)
                .with(weight)
                .with(bias)
                .with(resultType(form))
                .withShared(packed)
                .run(scope)
                .toFloatArray();
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
