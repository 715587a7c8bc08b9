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
        PtNDArray gradient = zeros(weight, owner);
        gradient.setName("gradients[]");
        return new LearningTensor(
                name, part, weight, trained, gradient, zeros(weight, owner), zeros(weight, owner));
    }

    private static PtNDArray zeros(PtNDArray weight, NDManager owner) {
        return (PtNDArray) owner.zeros(weight.getShape(), DataType.FLOAT32);
    }
}
