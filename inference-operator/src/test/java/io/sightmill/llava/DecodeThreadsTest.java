package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One layer as wide inside as a 7B model's: wide enough that native threads share an operation, and
 * would cut it elsewhere for another number of rows.
 */
class DecodeThreadsTest {

    private static final int WIDTH = 64;
    private static final int INNER = 11_008;
    private static final int HEADS = 2;
    private static final int HEAD_WIDTH = 32;
    private static final int VOCABULARY = 100;
    private static final int BATCH = 7;

    private static final Random RANDOM = new Random(1);

    private int threadsBefore;
    private NDManager manager;
    private TorchScriptModule packing;
    private TorchScriptModule language;
    private LinearForm form;
    private IValue packed;
    private List<NDArray> layer;
    private NDArray table;
    private NDArray norm;
    private List<NDArray> head;
    private NDArray rotary;

    @BeforeEach
    void loadKernels() {
        manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
        threadsBefore = JniUtils.getNumThreads();
        JniUtils.setNumThreads(4);
        packing = TorchScriptModule.load("checkpoint", manager);
        language = TorchScriptModule.load("language", manager);
        table = random(VOCABULARY, WIDTH);
        norm = random(WIDTH);
        rotary =
                language.call("rotary_table")
                        .with(64)
                        .with(
                                language.call("rotary_frequencies")
                                        .with(HEAD_WIDTH)
                                        .with(10_000.0)
                                        .run(manager))
                        .with("cpu")
                        .run(manager);
    }

    @AfterEach
    void close() {
        JniUtils.setNumThreads(threadsBefore);
        manager.close();
    }

    private void load(Precision precision) {
        packed = packing.call("no_packed").runValue(manager);
        form = ProductType.detect(precision, packing, "cpu", manager);
        layer = new ArrayList<>(List.of(random(WIDTH)));
        layer.addAll(linear(3 * WIDTH, WIDTH));
        layer.addAll(linear(WIDTH, WIDTH));
        layer.add(random(WIDTH));
        layer.addAll(linear(2 * INNER, WIDTH));
        layer.addAll(linear(WIDTH, INNER));
        head = linear(VOCABULARY, WIDTH);
    }

    // A cut changes one bit of a few values, which rarely reaches the logits: many tries.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aRowHasTheSameBitsWhereverThreadsCutTheBatch(Precision precision) {
        load(precision);
        for (int i = 0; i < 20; i++) {
            decodesTheSameAloneAndTogether();
        }
    }

    private void decodesTheSameAloneAndTogether() {
        long[] ids = new long[BATCH];
        long[] positions = new long[BATCH];
        List<NDArray> stores = List.of(randomPages(), randomPages());
        for (int row = 0; row < BATCH; row++) {
            ids[row] = RANDOM.nextInt(VOCABULARY);
            positions[row] = 5 + row;
        }

        float[] together = decode(ids, positions, 0, stores);

        for (int row = 0; row < BATCH; row++) {
            float[] alone = decode(new long[] {ids[row]}, new long[] {positions[row]}, row, stores);
            assertThat(Arrays.copyOfRange(together, row * VOCABULARY, (row + 1) * VOCABULARY))
                    .as("row %d", row)
                    .isEqualTo(alone);
        }
    }

    /** Row {@code i} has page {@code first + i}, which holds all its positions. */
    private float[] decode(long[] ids, long[] positions, int first, List<NDArray> stores) {
        int batch = ids.length;
        long[] pages = LongStream.range(first, first + batch).toArray();
        long[] rows = LongStream.range(0, batch).toArray();
        long[] begins = new long[batch];
        long[] ends = LongStream.of(positions).map(at -> at + 1).toArray();
        return language.call("decode")
                .with(manager.create(ids))
                .with(positions)
                .with(stores)
                .with(new long[] {first, batch})
                .with(pages)
                .with(rows)
                .with(rows)
                .with(begins)
                .with(ends)
                .with(this.table)
                .with(layer)
                .with(norm)
                .with(head.get(0))
                .with(head.get(1))
                .with(rotary)
                .with(HEADS)
                .with(64)
                .with(1e-5)
                .withShared(packed)
                .run(manager)
                .toFloatArray();
    }

    private NDArray randomPages() {
        return random(BATCH, HEADS, 16, HEAD_WIDTH);
    }

    private List<NDArray> linear(long outputs, long inputs) {
        List<NDArray> weights = List.of(random(outputs, inputs).div(Math.sqrt(inputs)));
        return List.of(
                packing.call("weight")
                        .with(weights)
                        .with(form.scalarType())
                        .with(form.layout())
                        .with("cpu")
                        .withShared(packed)
                        .run(manager),
                packing.call("bias")
                        .with(weights)
                        .with(List.of())
                        .with(form.scalarType())
                        .with(form.layout())
                        .with("cpu")
                        .run(manager));
    }

    private NDArray random(long... shape) {
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) RANDOM.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }
}
