package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/**
 * Brings linear layers into a form. Used by one thread.
 *
 * @param kernels the module of {@code checkpoint.py}
 * @param device as TorchScript names it
 * @param packed takes up the weights that are no tensors
 */
record LinearPacking(TorchScriptModule kernels, String device, IValue packed) {

    /**
     * @param weights of layers that become one: [outputs, inputs] each
     * @param biases as many, or none
     * @param owner closes what comes back
     * @return weight and bias as {@code linear.py} wants them: the bias empty if there is none,
     *     with the weight's scales if it has any
     */
    List<PtNDArray> pack(
            LinearForm form,
            List<? extends NDArray> weights,
            List<? extends NDArray> biases,
            NDManager owner) {
        PtNDArray weight =
                kernels.call("weight")
                        .with(weights)
                        .with(form.scalarType())
                        .with(form.layout())
                        .with(device)
                        .withShared(packed)
                        .run(owner);
        PtNDArray bias =
                kernels.call("bias")
                        .with(weights)
                        .with(biases)
                        .with(form.scalarType())
                        .with(form.layout())
                        .with(device)
                        .run(owner);
        return List.of(weight, bias);
    }
}
