package io.sightmill.llava;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.time.Duration;

/**
 * How fast the library multiplies large matrices on this machine's processor in either number
 * format that training knows, in operations a second. Used by one thread.
 */
public record ProductRates(double float32, double bfloat16) {

    private static final int SIDE = 512;
    private static final int REPETITIONS = 10;

    /** Measures both; takes a tenth of a second, or half of one without bfloat16 instructions. */
    public static ProductRates measure() {
        try (NDManager owner = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            TorchScriptModule kernels = TorchScriptModule.load("roofline", owner);
            return new ProductRates(
                    rate(Precision.FLOAT32, kernels, owner),
                    rate(Precision.BFLOAT16, kernels, owner));
        }
    }

    private static double rate(Precision precision, TorchScriptModule kernels, NDManager owner) {
        PtNDArray rows = numbers(precision, kernels, owner);
        PtNDArray weight = numbers(precision, kernels, owner);
        Timings timings =
                Timings.repeat(
                        Duration.ofMillis(50),
                        REPETITIONS,
                        () -> {
                            try (NDArray product =
                                    kernels.call("plain_product")
                                            .with(rows)
                                            .with(weight)
                                            .run(owner)) {
                                product.toFloatArray();
                            }
                        });
        return 2.0 * SIDE * SIDE * SIDE / timings.best();
    }

    private static PtNDArray numbers(
            Precision precision, TorchScriptModule kernels, NDManager owner) {
        return kernels.call("numbers")
                .with(SIDE)
                .with(SIDE)
                .with(precision.scalarType())
                .with("cpu")
                .run(owner);
    }
}
