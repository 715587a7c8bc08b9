package io.sightmill.llava;

import ai.djl.pytorch.jni.JniUtils;
import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.DoubleConsumer;

/**
 * Measures how fast a model and the engine on it run, and what share that is of what this machine
 * can do, in one run. Nothing else should run on the machine meanwhile. Used by one thread.
 */
public final class EngineBenchmark {

    /** Of the prompts that prefill and decode are measured with: an image and 44 others. */
    static final int PROMPT_TOKENS = 620;

    private final BenchmarkOptions options;
    private final Device device;
    private final LlavaConfig config;
    private final Set<BenchmarkPart> parts;

    /**
     * Reads the configuration, loads nothing.
     *
     * @throws ModelLoadException if there is no readable configuration
     * @throws IllegalArgumentException if the model's context is too short for the loads
     */
    public EngineBenchmark(BenchmarkOptions options, Device device) {
        this.options = options;
        this.device = device;
        this.config = LlavaConfig.read(options.model());
        this.parts = BenchmarkPart.withNeeded(options.parts());
        int needed = Math.max(PROMPT_TOKENS + 64, BenchmarkLoads.mostPositions(config));
        if (config.text().contextTokens() < needed) {
            throw new IllegalArgumentException(
                    "the model's context has %d tokens and must have %d at least to be measured"
                            .formatted(config.text().contextTokens(), needed));
        }
    }

    /**
     * Loads the model and measures.
     *
     * @param progress hears which part is at work, and what share of the whole is done
     * @throws ModelLoadException if the checkpoint is broken
     */
    public BenchmarkReport run(BiConsumer<BenchmarkPart, Double> progress) {
        BenchmarkFigures figures = new BenchmarkFigures(options.precision());
        try (Tokenizer tokenizer = Tokenizer.load(options.model());
                LlavaNetwork network =
                        LlavaNetwork.open(options.model(), options.precision(), device)) {
            Measured measured = measured(network, tokenizer, figures);
            double whole = parts.stream().mapToDouble(BenchmarkPart::weight).sum();
            double before = 0;
            for (BenchmarkPart part : parts) {
                double done = before / whole;
                double share = part.weight() / whole;
                progress.accept(part, done);
                measure(
                        part,
                        measured,
                        seconds(share),
                        within -> progress.accept(part, done + share * within));
                before += part.weight();
            }
            return report(figures);
        }
    }

    /** Where the figures of all parts come from. */
    private record Measured(
            KernelFigures kernels, EngineFigures engine, ExactnessFigures exactness) {}

    private Measured measured(LlavaNetwork network, Tokenizer tokenizer, BenchmarkFigures figures) {
        long seed = options.seed();
        KernelFigures kernels = new KernelFigures(network, options, PROMPT_TOKENS, figures);
        return new Measured(
                kernels,
                new EngineFigures(network, tokenizer, seed, kernels, figures),
                new ExactnessFigures(network, tokenizer, seed, figures));
    }

    private Duration seconds(double share) {
        return Duration.ofNanos((long) (share * options.time().toNanos()));
    }

    private void measure(
            BenchmarkPart part, Measured measured, Duration time, DoubleConsumer progress) {
        KernelFigures kernels = measured.kernels;
        EngineFigures engine = measured.engine;
        switch (part) {
            case ROOFLINE -> kernels.roofline(time);
            case ENCODE -> kernels.encode(time);
            case PREFILL -> kernels.prefill(time);
            case DECODE -> {
                kernels.decode(time);
                if (parts.contains(BenchmarkPart.ENCODE) && parts.contains(BenchmarkPart.PREFILL)) {
                    kernels.wholeImage();
                }
            }
            case OVERHEAD -> engine.overhead(PROMPT_TOKENS);
            case MIXED -> engine.mixed(progress);
            case BATCHES -> engine.batches(time, progress);
            case LATENCY -> engine.latency(time, progress);
            case TASKS -> engine.tasks(progress);
            case EXACTNESS -> {
                measured.exactness.restore(PROMPT_TOKENS, progress);
                measured.exactness.chunks(PROMPT_TOKENS, time);
            }
            case SNAPSHOT -> engine.snapshot(time);
        }
    }

    private BenchmarkReport report(BenchmarkFigures figures) {
        Path name = options.model().toAbsolutePath().normalize().getFileName();
        return new BenchmarkReport(
                String.valueOf(name), options.precision(), JniUtils.getNumThreads(), figures.all());
    }
}
