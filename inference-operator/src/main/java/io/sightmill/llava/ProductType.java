package io.sightmill.llava;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out by trying in which form this machine best multiplies weights of a given precision. */
final class ProductType {

    private static final Logger LOG = LoggerFactory.getLogger(ProductType.class);
    private static final int SIZE = 64;
    private static final float LOUDEST = 127;

    /** Names of the instructions that sum 8-bit products in 32 bits, as the kernel lists them. */
    private static final Set<String> INTEGER_DOT_PRODUCTS = Set.of("avx512_vnni", "avx_vnni");

    private ProductType() {}

    /**
     * The form of a linear layer's weights. Logs one line that says which, where the answer depends
     * on the machine.
     *
     * @param kernels the module of {@code checkpoint.py}
     */
    static LinearForm detect(
            Precision wanted, TorchScriptModule kernels, String device, NDManager manager) {
        LinearForm form =
                switch (wanted) {
                    case FLOAT32 -> LinearForm.FLOAT32;
                    case BFLOAT16 ->
                            multiplies(LinearForm.BFLOAT16, 1, kernels, device, manager)
                                    ? LinearForm.BFLOAT16
                                    : LinearForm.WIDENED_BFLOAT16;
                    case INT8 ->
                            hasIntegerDotProducts()
                                            && device.equals("cpu")
                                            && multiplies(
                                                    LinearForm.INT8,
                                                    LOUDEST,
                                                    kernels,
                                                    device,
                                                    manager)
                                    ? LinearForm.INT8
                                    : LinearForm.WIDENED_INT8;
                };
        LOG.info("Weights in {}: products in the form {}", wanted, form);
        return form;
    }

    /**
     * Whether the product of two matrices of one value comes out right. With the loudest integers
     * it does not where sums saturate.
     */
    private static boolean multiplies(
            LinearForm form,
            float value,
            TorchScriptModule kernels,
            String device,
            NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray square = scope.full(new Shape(SIZE, SIZE), value, DataType.FLOAT32);
            NDArray weight =
                    kernels.call("weight")
                            .with(List.of(square))
                            .with(form.scalarType())
                            .with(form.reordered())
                            .with(device)
                            .run(scope);
            NDArray bias =
                    kernels.call("bias")
                            .with(List.of(square))
                            .with(List.of())
                            .with(form.scalarType())
                            .with(device)
                            .run(scope);
            long activations = form == LinearForm.INT8 ? 6 : form.scalarType();
            float[] product =
                    kernels.call("product")
                            .with(square)
                            .with(weight)
                            .with(bias)
                            .with(activations)
                            .run(scope)
                            .toFloatArray();
            return product[0] == value * value * SIZE;
        } catch (EngineException e) {
            LOG.debug("No products in {}", form, e);
            return false;
        }
    }

    private static boolean hasIntegerDotProducts() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith("flags"))
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .anyMatch(INTEGER_DOT_PRODUCTS::contains);
        } catch (IOException e) {
            LOG.debug("The processor's instructions are not known", e);
            return false;
        }
    }
}
