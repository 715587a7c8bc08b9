package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One layer at a time against plain array operations and against the reference's hidden states. */
class KernelsTest {

    private static final double LIMIT = 2e-5;

    private final LlavaConfig config = LlavaConfig.read(ReferenceFiles.path("tiny-llava"));
    private final Checkpoint checkpoint = Checkpoint.open(ReferenceFiles.path("tiny-llava"));
    private final SafetensorsFile golden =
            SafetensorsFile.open(ReferenceFiles.path("case1.safetensors"));
    private NDManager manager;
    private TorchScriptModule kernels;
    private PlainLayers plain;

    @BeforeEach
    void load() {
        manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch");
        kernels = TorchScriptModule.load("checkpoint", manager);
        plain = new PlainLayers(checkpoint, kernels, manager);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void plainVisionLayerEqualsTheReference() {
        NDArray hidden = state("vision_hidden_state_0", 17, 64);

        NDArray after = plain.vision(hidden, config.vision(), "encoder.layers.0.");

        assertThat(difference(after, golden.floats("vision_hidden_state_1"))).isLessThan(LIMIT);
    }

    @Test
    void plainLanguageLayerEqualsTheReference() {
        NDArray hidden = state("text_hidden_state_0", 38, 128);

        NDArray after = plain.language(hidden, config.text(), "layers.0.");

        assertThat(difference(after, golden.floats("text_hidden_state_1"))).isLessThan(LIMIT);
    }

    @Test
    void visionEncoderEqualsPlainLayers() {
        NDArray expected = state("vision_hidden_state_0", 17, 64);
        for (int layer = 0; layer < config.visionLayersRun(); layer++) {
            expected = plain.vision(expected, config.vision(), "encoder.layers." + layer + ".");
        }
        try (LlavaNetwork network = network()) {
            NDManager scope = network.newScope();

            PtNDArray hidden = network.encoder().encode(golden.floats("pixel_values"), scope);

            assertThat(difference(hidden, expected.toFloatArray())).isLessThan(LIMIT);
        }
    }

    @Test
    void prefillInChunksEqualsPlainLayers() {
        NDArray expected = state("text_hidden_state_0", 38, 128);
        for (int layer = 0; layer < config.text().layers(); layer++) {
            expected = plain.language(expected, config.text(), "layers." + layer + ".");
        }
        float[] embedded = golden.floats("text_hidden_state_0");
        try (LlavaNetwork network = network();
                KvPool pool = network.language().newPool();
                KvCache cache = pool.newCache(40)) {
            NDManager scope = network.newScope();

            PtNDArray head = rows(embedded, 0, 20, scope);
            network.language().prefill(head, cache, 0, scope).close();
            PtNDArray tail = rows(embedded, 20, 38, scope);
            PtNDArray after = network.language().prefill(tail, cache, 20, scope);

            float[] end = Arrays.copyOfRange(expected.toFloatArray(), 20 * 128, 38 * 128);
            assertThat(difference(after, end)).isLessThan(LIMIT);
        }
    }

    @Test
    void differenceSeesADifference() {
        NDArray hidden = state("vision_hidden_state_0", 17, 64);

        assertThat(difference(hidden, golden.floats("vision_hidden_state_1")))
                .isNotCloseTo(0, within(0.1));
    }

    private LlavaNetwork network() {
        return LlavaNetwork.open(
                ReferenceFiles.path("tiny-llava"),
                Precision.FLOAT32,
                io.sightmill.engine.Device.cpu());
    }

    private NDArray state(String name, int rows, int width) {
        return manager.create(golden.floats(name), new Shape(rows, width));
    }

    private static PtNDArray rows(float[] values, int from, int to, NDManager scope) {
        float[] some = Arrays.copyOfRange(values, from * 128, to * 128);
        return (PtNDArray) scope.create(some, new Shape(to - from, 128));
    }

    private static double difference(NDArray actual, float[] expected) {
        float[] values = actual.toFloatArray();
        assertThat(values).hasSameSizeAs(expected);
        double most = 0;
        for (int i = 0; i < values.length; i++) {
            most = Math.max(most, Math.abs((double) values[i] - expected[i]));
        }
        return most;
    }
}
