package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of a kernel, put together argument by argument in the order of its signature. Used once,
 * by one thread.
 */
final class KernelCall {

    private final TorchScriptModule module;
    private final String method;
    private final List<IValue> arguments = new ArrayList<>();
    private final List<IValue> owned = new ArrayList<>();

    KernelCall(TorchScriptModule module, String method) {
        this.module = module;
        this.method = method;
    }

    KernelCall with(NDArray tensor) {
        return own(IValue.from((PtNDArray) tensor));
    }

    KernelCall with(long value) {
        return own(IValue.from(value));
    }

    KernelCall with(double value) {
        return own(IValue.from(value));
    }

    KernelCall with(boolean value) {
        return own(IValue.from(value));
    }

    KernelCall with(String value) {
        return own(IValue.from(value));
    }

    KernelCall with(int value) {
        return with((long) value);
    }

    KernelCall with(long[] values) {
        return own(IValue.listFrom(values));
    }

    KernelCall with(List<? extends NDArray> tensors) {
        return own(IValue.listFrom(tensors.toArray(PtNDArray[]::new)));
    }

    /** A value that outlives the call, such as a list of weights: cheaper than making it anew. */
    KernelCall withShared(IValue value) {
        arguments.add(value);
        return this;
    }

    /**
     * Runs the kernel, which returns one tensor.
     *
     * @param owner closes the result
     * @throws ai.djl.engine.EngineException if the kernel fails; the message names its source line
     */
    PtNDArray run(NDManager owner) {
        try (IValue result = module.run(method, arguments.toArray(IValue[]::new))) {
            return result.toTensor((PtNDManager) owner);
        } finally {
            owned.forEach(IValue::close);
        }
    }

    /**
     * Runs the kernel, which returns something that is no tensor.
     *
     * @param owner closes the result
     */
    IValue runValue(NDManager owner) {
        try {
            IValue result = module.run(method, arguments.toArray(IValue[]::new));
            owner.attachInternal(result.getUid(), result);
            return result;
        } finally {
            owned.forEach(IValue::close);
        }
    }

    private KernelCall own(IValue value) {
        owned.add(value);
        return withShared(value);
    }
}
