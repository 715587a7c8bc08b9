package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The encode stage: the CLIP vision transformer up to the layer whose hidden state LLaVA uses. Runs
 * one image at a time, so an image's features never depend on others. Used by one thread.
 */
final class VisionEncoder {

    private static final CheckpointPart PART = CheckpointPart.VISION;

    private final VisionConfig config;
    private final TorchScriptModule kernels;
    private final PtNDArray patchWeight;
    private final PtNDArray classEmbedding;
    private final PtNDArray positions;
    private final PtNDArray normWeight;
    private final PtNDArray normBias;
    private final List<IValue> layers = new ArrayList<>();
    private final List<Integer> states;

    /**
     * Loads as many layers as will run.
     *
     * @param owner closes what is loaded, and the kernels
     */
    VisionEncoder(LlavaConfig llava, WeightLoader weights, NDManager owner) {
        config = llava.vision();
        int width = config.hiddenSize();
        int patch = config.patchSize();
        patchWeight =
                weights.patchWeight(
                        PART, "embeddings.patch_embedding.weight", width, 3, patch, patch);
        classEmbedding = weights.parameter(PART, "embeddings.class_embedding", width);
        positions =
                weights.parameter(
                        PART, "embeddings.position_embedding.weight", config.patches() + 1, width);
        normWeight = weights.parameter(PART, "pre_layrnorm.weight", width);
        normBias = weights.parameter(PART, "pre_layrnorm.bias", width);
        for (int layer = 0; layer < llava.visionLayersRun(); layer++) {
            layers.add(weights.list(layer(weights, "encoder.layers." + layer + ".")));
        }
        states = llava.visionStates();
        kernels = TorchScriptModule.load("vision", owner);
    }

    /**
     * Encodes an image.
     *
     * @param pixels normalised, [3, size, size] row by row, of the configured size
     * @param owner closes the result
     * @return the hidden states LLaVA uses, side by side, class position included: [1 + patches,
     *     width times states]
     */
    PtNDArray encode(float[] pixels, NDManager owner) {
        int size = config.imageSize();
        if (pixels.length != 3 * size * size) {
            throw new IllegalArgumentException(
                    "%d pixel values instead of 3 x %d x %d".formatted(pixels.length, size, size));
        }
        PtNDArray[] hidden = new PtNDArray[layers.size() + 1];
        try (NDArray image = owner.create(pixels, new Shape(3, size, size))) {
            hidden[0] = embed(image, owner);
        }
        for (int layer = 0; layer < layers.size(); layer++) {
            hidden[layer + 1] = layer(layer, hidden[layer], owner);
            closeUnlessUsed(layer, hidden);
        }
        return states.size() == 1 ? hidden[states.get(0)] : join(hidden, owner);
    }

    private PtNDArray layer(int index, PtNDArray hidden, NDManager owner) {
        return kernels.call("layer")
                .with(hidden)
                .withShared(layers.get(index))
                .with(config.heads())
                .with(config.layerNormEps())
                .run(owner);
    }

    private void closeUnlessUsed(int state, PtNDArray[] hidden) {
        if (!states.contains(state)) {
            hidden[state].close();
        }
    }

    private PtNDArray join(PtNDArray[] hidden, NDManager owner) {
        List<PtNDArray> used = states.stream().map(state -> hidden[state]).toList();
        try {
            return kernels.call("join").with(used).run(owner);
        } finally {
            used.forEach(PtNDArray::close);
        }
    }

    private PtNDArray embed(NDArray image, NDManager owner) {
        return kernels.call("embed")
                .with(image)
                .with(patchWeight)
                .with(classEmbedding)
                .with(positions)
                .with(normWeight)
                .with(normBias)
                .with(config.patchSize())
                .with(config.layerNormEps())
                .run(owner);
    }

    private List<PtNDArray> layer(WeightLoader weights, String prefix) {
        int width = config.hiddenSize();
        int inner = config.intermediateSize();
        List<PtNDArray> layer = new ArrayList<>();
        layer.addAll(norm(weights, prefix + "layer_norm1"));
        List<String> attention =
                List.of(
                        prefix + "self_attn.q_proj",
                        prefix + "self_attn.k_proj",
                        prefix + "self_attn.v_proj");
        layer.addAll(weights.linear(PART, attention, new int[] {width, width, width}, width, true));
        layer.addAll(weights.linear(PART, prefix + "self_attn.out_proj", width, width, true));
        layer.addAll(norm(weights, prefix + "layer_norm2"));
        layer.addAll(weights.linear(PART, prefix + "mlp.fc1", inner, width, true));
        layer.addAll(weights.linear(PART, prefix + "mlp.fc2", width, inner, true));
        return layer;
    }

    private List<PtNDArray> norm(WeightLoader weights, String name) {
        return List.of(
                weights.parameter(PART, name + ".weight", config.hiddenSize()),
                weights.parameter(PART, name + ".bias", config.hiddenSize()));
    }
}
