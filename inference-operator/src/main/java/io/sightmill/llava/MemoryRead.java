package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/**
 * Reads 1 GiB of float32, which no cache holds, with a kernel of the library. Used by one thread.
 */
final class MemoryRead implements Runnable, AutoCloseable {

    /** Ways to read, of which the fastest is what the library can do. */
    static final List<String> KERNELS = List.of("read_by_sum", "read_by_product");

    private static final int ROWS = 1 << 16;
    private static final int COLUMNS = 1 << 12;

    private final TorchScriptModule kernels;
    private final String kernel;
    private final NDManager scope;
    private final PtNDArray array;

    /**
     * @param kernel one of {@link #KERNELS}
     * @param owner closes the array at the latest
     */
    MemoryRead(String kernel, String device, NDManager owner) {
        this.scope = owner.newSubManager();
        this.kernels = TorchScriptModule.load("roofline", scope);
        this.kernel = kernel;
        this.array = kernels.call("array").with(ROWS).with(COLUMNS).with(device).run(scope);
    }

    /** How much a run reads. */
    static double bytes() {
        return (double) ROWS * COLUMNS * Float.BYTES;
    }

    @Override
    public void run() {
        try (PtNDArray result = kernels.call(kernel).with(array).run(scope)) {
            result.toFloatArray();
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
