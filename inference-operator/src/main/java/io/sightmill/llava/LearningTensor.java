package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;

/**
 * A tensor that learns, with its gradient and what AdamW remembers of it, all in float32.
 *
 * @param name unlike every other's
 * @param trained the same tensor as weight, under the name that kernels take it by
 * @param first the gradients' mean, decaying
 * @param second their squares' mean, decaying
 */
record LearningTensor(
        String name,
        TrainablePart part,
        PtNDArray weight,
        PtNDArray trained,
        PtNDArray gradient,
        PtNDArray first,
        PtNDArray second) {

    /** Before the first step. */
    static LearningTensor of(
            String name,
            TrainablePart part,
            PtNDArray weight,
            TorchScriptModule kernels,
            NDManager owner) {
        PtNDArray trained = kernels.call("same").with(weight).run(owner);
        trained.setName("trained[]");
        return new LearningTensor(
                name,
                part,
                weight,
                trained,
                zeros("gradients[]", weight, owner),
                zeros("first", weight, owner),
                zeros("second", weight, owner));
    }

    /** Another gradient of the same tensor, with nothing in it. */
    PtNDArray furtherGradient(NDManager owner) {
        return zeros("gradients[]", weight, owner);
    }

    private static PtNDArray zeros(String name, PtNDArray weight, NDManager owner) {
        PtNDArray zeros = (PtNDArray) owner.zeros(weight.getShape(), DataType.FLOAT32);
        zeros.setName(name);
        return zeros;
    }
}
