package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The project stage: hidden states of the vision tower become vectors of the language model's
 * width, one for each position that the image takes in a prompt. Used by one thread.
 */
final class Projector {

    private final TorchScriptModule kernels;
    private final IValue layers;
    private final IValue packed;
    private final int skippedPositions;

    /**
     * @param owner closes what is loaded, and the kernels
     */
    Projector(LlavaConfig config, WeightLoader weights, NDManager owner) {
        layers = weights.list(tensors(config, weights));
        packed = weights.packed();
        skippedPositions = config.keepsClassPosition() ? 0 : 1;
        kernels = TorchScriptModule.load("projector", owner);
    }

    /** Asks for everything, in the order that {@code projector.py} says. */
    static <T> List<T> tensors(LlavaConfig config, Weights<T> weights) {
        ProjectorConfig projector = config.projector();
        int output = config.text().hiddenSize();
        int input = config.visionFeatureWidth();
        List<T> layers = new ArrayList<>();
        for (String name : projector.names()) {
            layers.addAll(
                    weights.linear(
                            LinearLayer.PROJECTOR,
                            projector.part(),
                            name,
                            output,
                            input,
                            projector.biased()));
            input = output;
        }
        return layers;
    }

    /**
     * Projects an image.
     *
     * @param hidden what the encoder gave, [1 + patches, vision width]
     * @param owner closes the result
     * @return [image tokens, text width]
     */
    PtNDArray project(PtNDArray hidden, NDManager owner) {
        return kernels.call("project")
                .with(hidden)
                .withShared(layers)
                .with(skippedPositions)
                .withShared(packed)
                .run(owner);
    }

    /** The mean over an image's tokens, of the text width: the image's embedding. */
    float[] mean(PtNDArray features) {
        try (PtNDArray mean = kernels.call("mean").with(features).run(features.getManager())) {
            return mean.toFloatArray();
        }
    }

    /** All values of an image's features, row by row. */
    float[] values(PtNDArray features) {
        // A conversion to the type it has already is the tensor itself, which stays the caller's.
        try (PtNDArray rows = kernels.call("rows").with(features).run(features.getManager())) {
            return rows.toFloatArray();
        }
    }
}
