package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Low-rank adapters of the decoder's linear layers, as {@code training.py} takes them. They begin
 * as nothing: down is random, up is zero.
 */
final class Adapters {

    private static final int LAYERS_EACH = 4;
    private static final List<String> NAMES =
            List.of("self_attn.qkv_proj", "self_attn.o_proj", "mlp.gate_up_proj", "mlp.down_proj");

    private final AdapterOptions options;
    private final List<PtNDArray> tensors = new ArrayList<>();
    private final List<LearningTensor> learning = new ArrayList<>();

    /**
     * @param seed of what they begin with
     * @param owner closes them
     */
    Adapters(
            TextConfig text,
            AdapterOptions options,
            long seed,
            TorchScriptModule kernels,
            NDManager owner) {
        this.options = options;
        SplittableRandom random = new SplittableRandom(seed);
        int attended = text.heads() * text.headWidth();
        int hidden = text.hiddenSize();
        int inner = text.intermediateSize();
        int[] parts = {3, 1, 2, 1};
        int[] inputs = {hidden, attended, hidden, inner};
        int[] outputs = {text.queryKeyValueWidth(), hidden, 2 * inner, hidden};
        for (int index = 0; index < LAYERS_EACH * text.layers(); index++) {
            int kind = index % LAYERS_EACH;
            String name = "adapter.%d.%s".formatted(index / LAYERS_EACH, NAMES.get(kind));
            NDArray down = down(parts[kind] * options.rank(), inputs[kind], random, owner);
            add(name + ".down", down, kernels, owner);
            NDArray up = owner.zeros(new Shape(outputs[kind], options.rank()));
            add(name + ".up", up, kernels, owner);
        }
    }

    private void add(String name, NDArray tensor, TorchScriptModule kernels, NDManager owner) {
        tensor.setRequiresGradient(true);
        tensors.add((PtNDArray) tensor);
        learning.add(
                LearningTensor.of(
                        name, TrainablePart.LANGUAGE, (PtNDArray) tensor, kernels, owner));
    }

    /**
     * Uniform between plus and minus one over the root of the inputs, as PyTorch's layers begin.
     */
    private static NDArray down(int rows, int inputs, SplittableRandom random, NDManager owner) {
        float[] values = new float[rows * inputs];
        double most = 1 / Math.sqrt(inputs);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * most);
        }
        return owner.create(values, new Shape(rows, inputs));
    }

    /** Down and up of each layer in order. */
    List<PtNDArray> tensors() {
        return tensors;
    }

    List<LearningTensor> learning() {
        return learning;
    }

    AdapterOptions options() {
        return options;
    }
}
