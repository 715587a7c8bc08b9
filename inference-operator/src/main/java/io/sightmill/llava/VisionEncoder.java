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
    private final List<PtNDArray> patches;
    private final PtNDArray classEmbedding;
    private final PtNDArray positions;
    private final PtNDArray normWeight;
    private final PtNDArray normBias;
    private final List<IValue> layers = new ArrayList<>();
    private final List<Integer> states;
    private final IValue packed;

    /** What is loaded; the layers' in the order that {@code vision.py} says. */
    record Tensors<T>(
            List<T> patches,
            T classEmbedding,
            T positions,
            T normWeight,
            T normBias,
            List<List<T>> layers) {}

    /**
     * Loads as many layers as will run.
     *
     * @param owner closes what is loaded, and the kernels
     */
    VisionEncoder(LlavaConfig llava, WeightLoader weights, NDManager owner) {
        config = llava.vision();
        Tensors<PtNDArray> loaded = tensors(llava, weights);
        patches = loaded.patches();
        classEmbedding = loaded.classEmbedding();
        positions = loaded.positions();
        normWeight = loaded.normWeight();
        normBias = loaded.normBias();
        loaded.layers().forEach(layer -> layers.add(weights.list(layer)));
        states = llava.visionStates();
        packed = weights.packed();
        kernels = TorchScriptModule.load("vision", owner);
    }

    /** Asks for everything, in the order of loading. */
    static <T> Tensors<T> tensors(LlavaConfig llava, Weights<T> weights) {
        VisionConfig config = llava.vision();
        int width = config.hiddenSize();
        int patch = config.patchSize();
        List<T> patches =
                weights.patches(PART, "embeddings.patch_embedding.weight", width, 3, patch, patch);
        T classEmbedding = weights.parameter(PART, "embeddings.class_embedding", width);
        T positions =
                weights.parameter(
                        PART, "embeddings.position_embedding.weight", config.patches() + 1, width);
        T normWeight = weights.parameter(PART, "pre_layrnorm.weight", width);
        T normBias = weights.parameter(PART, "pre_layrnorm.bias", width);
        List<List<T>> layers = new ArrayList<>();
        for (int layer = 0; layer < llava.visionLayersRun(); layer++) {
            layers.add(layer(config, weights, "encoder.layers." + layer + "."));
        }
        return new Tensors<>(patches, classEmbedding, positions, normWeight, normBias, layers);
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
                .withShared(packed)
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
                .with(patches.get(0))
                .with(patches.get(1))
                .with(classEmbedding)
                .with(positions)
                .with(normWeight)
                .with(normBias)
                .with(config.patchSize())
                .with(config.layerNormEps())
                .withShared(packed)
                .run(owner);
    }

    private static <T> List<T> layer(VisionConfig config, Weights<T> weights, String prefix) {
        int width = config.hiddenSize();
        int inner = config.intermediateSize();
        List<T> layer = new ArrayList<>();
        layer.addAll(norm(weights, prefix + "layer_norm1", width));
        List<String> attention =
                List.of(
                        prefix + "self_attn.q_proj",
                        prefix + "self_attn.k_proj",
                        prefix + "self_attn.v_proj");
        layer.addAll(
                weights.linear(
                        LinearLayer.VISION_ATTENTION,
                        PART,
                        attention,
                        new int[] {width, width, width},
                        width,
                        true));
        layer.addAll(
                weights.linear(
                        LinearLayer.VISION_ATTENTION,
                        PART,
                        prefix + "self_attn.out_proj",
                        width,
                        width,
                        true));
        layer.addAll(norm(weights, prefix + "layer_norm2", width));
        layer.addAll(
                weights.linear(
                        LinearLayer.VISION_FEED_FORWARD,
                        PART,
                        prefix + "mlp.fc1",
                        inner,
                        width,
                        true));
        layer.addAll(
                weights.linear(
                        LinearLayer.VISION_FEED_FORWARD,
                        PART,
                        prefix + "mlp.fc2",
                        width,
                        inner,
                        true));
        return layer;
    }

    private static <T> List<T> norm(Weights<T> weights, String name, int width) {
        return List.of(
                weights.parameter(PART, name + ".weight", width),
                weights.parameter(PART, name + ".bias", width));
    }
}
