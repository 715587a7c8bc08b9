package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.Prompt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the same prompts in every precision, one network after the other, and compares their logits
 * with float32's. Keeps float32's logits of every position meanwhile. Used by one thread.
 */
public final class PrecisionComparison {

    private final Path directory;
    private final int positions;
    private final long seed;
    private final Device device;

    /**
     * @param positions how many to compare at least
     * @param seed of the prompts
     */
    public PrecisionComparison(Path directory, int positions, long seed, Device device) {
        Bound.require("positions", positions, 1, 1 << 20);
        this.directory = directory;
        this.positions = positions;
        this.seed = seed;
        this.device = device;
    }

    /**
     * Measures them all, float32 first.
     *
     * @param progress is told after each prompt what share of the whole is done
     * @throws ModelLoadException if the checkpoint is broken
     */
    public List<PrecisionMeasurement> run(Consumer<Double> progress) {
        List<Prompt> prompts =
                new RandomPrompts(LlavaConfig.read(directory), seed).positions(positions);
        List<float[]> expected = new ArrayList<>();
        List<PrecisionMeasurement> measurements = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            double before = measurements.size();
            measurements.add(
                    measure(
                            precision,
                            prompts,
                            expected,
                            share ->
                                    progress.accept((before + share) / Precision.values().length)));
        }
        return measurements;
    }

    private PrecisionMeasurement measure(
            Precision precision,
            List<Prompt> prompts,
            List<float[]> expected,
            Consumer<Double> progress) {
        LogitDistance distance = new LogitDistance();
        long begin = System.nanoTime();
        try (LlavaNetwork network = LlavaNetwork.open(directory, precision, device)) {
            Duration load = Duration.ofNanos(System.nanoTime() - begin);
            int done = 0;
            for (Prompt prompt : prompts) {
                for (float[] logits : PromptLogits.of(network, prompt, 0)) {
                    if (precision == Precision.FLOAT32) {
                        expected.add(logits);
                    }
                    distance.add(expected.get(distance.positions()), logits);
                }
                progress.accept((double) ++done / prompts.size());
            }
            return measurement(precision, distance, network.weightBytes(), load);
        }
    }

    private static PrecisionMeasurement measurement(
            Precision precision, LogitDistance distance, long weightBytes, Duration load) {
        return new PrecisionMeasurement(
                precision,
                distance.positions(),
                distance.most(),
                distance.rootMeanSquare(),
                distance.agreement(),
                distance.meanDivergence(),
                distance.mostDivergence(),
                weightBytes,
                load);
    }
}
