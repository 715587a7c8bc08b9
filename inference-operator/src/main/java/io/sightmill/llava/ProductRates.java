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
        Duration time = Duration.ofMillis(50);
        return new ProductRates(
                rate(Precision.FLOAT32, SIDE, SIDE, time, REPETITIONS),
                rate(Precision.BFLOAT16, SIDE, SIDE, time, REPETITIONS));
    }

    /**
     * Of plain products of [rows, side] by [side, side].
     *
     * @param most repetitions
     */
    static double rate(Precision precision, int rows, int side, Duration time, int most) {
        try (NDManager owner = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            TorchScriptModule kernels = TorchScriptModule.load("roofline", owner);
            PtNDArray left = numbers(kernels, rows, side, precision, owner);
            PtNDArray right = numbers(kernels, side, side, precision, owner);
            Runnable once =
                    () -> {
                        try (NDArray first =
                                kernels.call("plain_product").with(left).with(right).run(owner)) {
                            first.toFloatArray();
                        }
                    };
            return 2.0 * rows * side * side / Timings.repeat(time, most, once).median();
        }
    }

    private static PtNDArray numbers(
            TorchScriptModule kernels,
            int rows,
            int columns,
            Precision precision,
            NDManager owner) {
        return kernels.call("numbers")
                .with(rows)
                .with(columns)
                .with(precision.scalarType())
                .with("cpu")
                .run(owner);
    }
}
