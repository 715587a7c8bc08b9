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
    private final int skippedPositions;

    /**
     * @param owner closes what is loaded, and the kernels
     */
    Projector(LlavaConfig config, WeightLoader weights, NDManager owner) {
        ProjectorConfig projector = config.projector();
        int output = config.text().hiddenSize();
        int input = config.visionFeatureWidth();
        List<PtNDArray> loaded = new ArrayList<>();
        for (String name : projector.names()) {
            loaded.addAll(
                    weights.linear(projector.part(), name, output, input, projector.biased()));
            input = output;
        }
        layers = weights.list(loaded);
        skippedPositions = config.keepsClassPosition() ? 0 : 1;
        kernels = TorchScriptModule.load("projector", owner);
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
