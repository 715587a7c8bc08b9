package io.sightmill.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How fast each form of a linear layer is beside what the machine reads and multiplies.
 *
 * <p>Run, with the number of native threads, in this module: {@code mvn -q test-compile
 * org.codehaus.mojo:exec-maven-plugin:3.5.0:java -Dexec.classpathScope=test
 * -Dexec.mainClass=io.sightmill.llava.LinearFormBenchmark -Dexec.args="2"}, or with a shape alone:
 * {@code -Dexec.args="2 11264x2048"}. With one thread it counts the processor's time, which other
 * processes disturb less than the clock's. A cell is the best of several runs.
 */
final class LinearFormBenchmark {

    private static final int[] ROWS = {1, 4, 16, 32, 620};
    private static final List<String> SHAPES =
            List.of(
                    "2560x2048",
                    "11264x2048",
                    "2048x5632",
                    "32064x2048",
                    "4096x4096",
                    "11008x4096");
    private static final double SECONDS_A_CELL = 0.4;

    private final NDManager manager;
    private final TorchScriptModule kernels;
    private final LongSupplier nanos;

    private LinearFormBenchmark(NDManager manager, LongSupplier nanos) {
        this.manager = manager;
        this.nanos = nanos;
        kernels = TorchScriptModule.load("checkpoint", manager);
    }

    public static void main(String[] arguments) {
        int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
        List<String> shapes = arguments.length > 1 ? List.of(arguments[1]) : SHAPES;
        LongSupplier clock =
                threads > 1
                        ? System::nanoTime
                        : ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
            JniUtils.setNumThreads(threads);
            LinearFormBenchmark benchmark = new LinearFormBenchmark(manager, clock);
            benchmark.printMachine(threads);
            shapes.forEach(benchmark::printShape);
        }
    }

    private void printMachine(int threads) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray large = scope.ones(new Shape(64 << 20));
            double read = seconds(() -> large.sum().close());
            NDArray left = scope.randomNormal(new Shape(620, 2048));
            NDArray right = scope.randomNormal(new Shape(2048, 2048));
            double product = seconds(() -> left.matMul(right).close());
            System.out.printf(
                    "%d threads: reads %.1f GB/s, multiplies float32 at %.0f GFLOP/s%n",
                    threads,
                    4.0 * (64 << 20) / read / 1e9,
                    2.0 * 620 * 2048 * 2048 / product / 1e9);
        }
    }

    private void printShape(String shape) {
        int[] sizes = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        for (LinearForm form : LinearForm.values()) {
            if (form != LinearForm.FLOAT32
                    && !new FormTrial(form, kernels, "cpu", manager).passes()) {
                continue;
            }
            try (NDManager scope = manager.newSubManager()) {
                System.out.println(
                        line(form, scope.randomNormal(new Shape(sizes[0], sizes[1])), scope));
            }
        }
    }

    private String line(LinearForm form, NDArray weights, NDManager scope) {
        IValue packed = kernels.call("no_packed").runValue(scope);
        NDArray weight =
                kernels.call("weight")
                        .with(List.of(weights))
                        .with(form.scalarType())
                        .with(form.layout())
                        .with("cpu")
                        .withShared(packed)
                        .run(scope);
        NDArray bias =
                kernels.call("bias")
                        .with(List.of(weights))
                        .with(List.of())
                        .with(form.scalarType())
                        .with(form.layout())
                        .with("cpu")
                        .run(scope);
        long type = form.scalarType() == 1 ? 6 : form.scalarType();
        StringBuilder line = new StringBuilder("%-16s %-13s".formatted(form, weights.getShape()));
        for (int rows : ROWS) {
            NDArray x = scope.create(new Shape(rows, weights.getShape().get(1)), DataType.FLOAT32);
            x.addi(0.5f);
            double seconds =
                    seconds(
                            () ->
                                    kernels.call("product")
                                            .with(x)
                                            .with(weight)
                                            .with(bias)
                                            .with(type)
                                            .withShared(packed)
                                            .run(scope)
                                            .close());
            double read = form.bytes() * (double) weights.size() / seconds / 1e9;
            double multiplied = 2.0 * rows * weights.size() / seconds / 1e9;
            line.append(" | %d: %.1f GB/s %.0f GFLOP/s".formatted(rows, read, multiplied));
        }
        return line.toString();
    }

    private double seconds(Runnable work) {
        work.run();
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + (long) (SECONDS_A_CELL * 1e9);
        for (int run = 0; run < 3 || System.nanoTime() < end; run++) {
            long begin = nanos.getAsLong();
            work.run();
            best = Math.min(best, (nanos.getAsLong() - begin) / 1e9);
        }
        return best;
    }
}
