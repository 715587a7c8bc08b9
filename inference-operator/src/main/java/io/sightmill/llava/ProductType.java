package io.sightmill.llava;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out in which number format this machine multiplies matrices of a given precision. */
final class ProductType {

    private static final Logger LOG = LoggerFactory.getLogger(ProductType.class);
    private static final int SIZE = 16;

    private ProductType() {}

    /**
     * BFLOAT16 where the device multiplies in it, else FLOAT32: then weights are still rounded to
     * bfloat16, but kept and summed in float32. Logs one warning in that case.
     *
     * @param kernels the module of {@code checkpoint.py}
     */
    static Precision detect(
            Precision wanted, TorchScriptModule kernels, String device, NDManager manager) {
        if (wanted == Precision.FLOAT32 || multiplies(wanted, kernels, device, manager)) {
            return wanted;
        }
        LOG.warn(
                "This processor has no bfloat16 products: weights are rounded to bfloat16 and kept"
                        + " as float32, which takes the memory and the time of FLOAT32.");
        return Precision.FLOAT32;
    }

    private static boolean multiplies(
            Precision precision, TorchScriptModule kernels, String device, NDManager manager) {
        long type = precision.scalarType();
        try (NDManager scope = manager.newSubManager()) {
            NDArray square = scope.ones(new Shape(SIZE, SIZE), DataType.FLOAT32);
            NDArray weight =
                    kernels.call("weight")
                            .with(List.of(square))
                            .with(type)
                            .with(type)
                            .with(device)
                            .run(scope);
            NDArray bias =
                    kernels.call("bias")
                            .with(List.of())
                            .with(type)
                            .with(type)
                            .with(device)
                            .run(scope);
            kernels.call("product").with(square).with(weight).with(bias).with(type).run(scope);
            return true;
        } catch (EngineException e) {
            LOG.debug("No products in {}", precision, e);
            return false;
        }
    }
}
