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

    /** What is loaded; the layers' in the order that {@code vision.py} says. */
    record Tensors<T>(
            T patchWeight,
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
        patchWeight = loaded.patchWeight();
        classEmbedding = loaded.classEmbedding();
        positions = loaded.positions();
        normWeight = loaded.normWeight();
        normBias = loaded.normBias();
        loaded.layers().forEach(layer -> layers.add(weights.list(layer)));
        kernels = TorchScriptModule.load("vision", owner);
    }

    /** Asks for everything, in the order of loading. */
    static <T> Tensors<T> tensors(LlavaConfig llava, Weights<T> weights) {
        VisionConfig config = llava.vision();
        int width = config.hiddenSize();
        int patch = config.patchSize();
        T patchWeight =
                weights.patchWeight(
                        PART, "embeddings.patch_embedding.weight", width, 3, patch, patch);
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
        return new Tensors<>(patchWeight, classEmbedding, positions, normWeight, normBias, layers);
    }

    /**
     * Encodes an image.
     *
     * @param pixels normalised, [3, size, size] row by row, of the configured size
     * @param owner closes the result
     * @return the hidden state LLaVA uses, class position included: [1 + patches, width]
     */
    PtNDArray encode(float[] pixels, NDManager owner) {
        int size = config.imageSize();
        if (pixels.length != 3 * size * size) {
            throw new IllegalArgumentException(
                    "%d pixel values instead of 3 x %d x %d".formatted(pixels.length, size, size));
        }
        PtNDArray hidden;
        try (NDArray image = owner.create(pixels, new Shape(3, size, size))) {
            hidden = embed(image, owner);
        }
        for (IValue layer : layers) {
            try (PtNDArray before = hidden) {
                hidden =
                        kernels.call("layer")
                                .with(before)
                                .withShared(layer)
                                .with(config.heads())
                                .with(config.layerNormEps())
                                .run(owner);
            }
        }
        return hidden;
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
        layer.addAll(weights.linear(PART, attention, new int[] {width, width, width}, width, true));
        layer.addAll(weights.linear(PART, prefix + "self_attn.out_proj", width, width, true));
        layer.addAll(norm(weights, prefix + "layer_norm2", width));
        layer.addAll(weights.linear(PART, prefix + "mlp.fc1", inner, width, true));
        layer.addAll(weights.linear(PART, prefix + "mlp.fc2", width, inner, true));
        return layer;
    }

    private static <T> List<T> norm(Weights<T> weights, String name, int width) {
        return List.of(
                weights.parameter(PART, name + ".weight", width),
                weights.parameter(PART, name + ".bias", width));
    }
}
