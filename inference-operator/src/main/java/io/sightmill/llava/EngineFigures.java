package io.sightmill.llava;

import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TokenDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;

/** The figures of the engine at work on the model. Used by one thread. */
final class EngineFigures {

    private static final int BATCH = 16;
    private static final int FEWEST_MIXED = 2 * BATCH;
    private static final int MOST_MIXED = 4 * BATCH;

    /** The mean of the mixed load's answers. */
    private static final int MEAN_ANSWER = 72;

    private static final double LOAD = 0.7;
    private static final int FEWEST_ARRIVALS = 8;
    private static final int MOST_ARRIVALS = 128;
    private static final int TASKS = 5;
    private static final int OWN_WORK_STEPS = 64;
    private static final int STEP_TOKENS = 1_024;
    private static final int CHUNK_TOKENS = 256;

    private final LlavaNetwork network;
    private final TokenDecoder decoder;
    private final long seed;
    private final KernelFigures kernels;
    private final BenchmarkFigures figures;
    private LoadResult continuous;

    EngineFigures(
            LlavaNetwork network,
            TokenDecoder decoder,
            long seed,
            KernelFigures kernels,
            BenchmarkFigures figures) {
        this.network = network;
        this.decoder = decoder;
        this.seed = seed;
        this.kernels = kernels;
        this.figures = figures;
    }

    /** Scheduling, bookkeeping and text outside the runner, and sampling inside it. */
    void overhead(int promptTokens) {
        LoadRun.OwnWork measured;
        try (LoadRun run = run(BATCH * (promptTokens + OWN_WORK_STEPS), share -> {})) {
            measured = run.ownWork(loads().sameText(BATCH, promptTokens, OWN_WORK_STEPS));
        }
        double step = measured.step().median();
        double own = measured.outsideModel().median();
        double greedy = sampling(GenerationOptions.greedy(1));
        double sampled = sampling(new GenerationOptions(1, 0.7, 0.9, 0, seed, List.of()));
        figures.add(
                "ownWork.greedy",
                "engine's own work at %d sequences, greedy".formatted(BATCH),
                (own + greedy) / step,
                BenchmarkFigure.SHARE);
        figures.add(
                "ownWork.sampled",
                "the same, temperature 0.7 and top-p 0.9",
                (own + sampled) / (step - greedy + sampled),
                BenchmarkFigure.SHARE);
    }

    /** Of one step, which draws a token for each of its sequences. */
    private double sampling(GenerationOptions options) {
        Random random = new Random(seed);
        float[][] logits = new float[BATCH][network.config().text().vocabularySize()];
        for (float[] row : logits) {
            for (int id = 0; id < row.length; id++) {
                row[id] = (float) (3 * random.nextGaussian());
            }
        }
        return Timings.repeat(
                        Duration.ofSeconds(1),
                        200,
                        () -> {
                            for (float[] row : logits) {
                                TokenSampler.requireNumbers(row);
                                TokenSampler.next(row, options, 0);
                            }
                        })
                .median();
    }

    void mixed(Duration time, DoubleConsumer progress) {
        List<SequenceRequest> requests = loads().mixed(mixedCount(time));
        LoadResult overlapped = continuous(requests.size(), share -> progress.accept(share / 2));
        LoadResult batches;
        try (LoadRun run = mixedRun(share -> progress.accept((1 + share) / 2))) {
            batches = run.inBatches(requests, BATCH);
        }
        figures.add("mixed.requests", "requests of the mixed load", requests.size(), "requests");
        figures.add(
                "mixed.continuous",
                "continuous batching",
                overlapped.answersPerSecond(),
                "answers/s");
        figures.add(
                "mixed.static",
                "static batches of %d".formatted(BATCH),
                batches.answersPerSecond(),
                "answers/s");
        figures.add(
                "mixed.ratio",
                "continuous to static",
                overlapped.answersPerSecond() / batches.answersPerSecond(),
                "times");
        figures.add(
                "mixed.decodeRatio",
                "the same of decode time alone",
                batches.decodeSeconds() / overlapped.decodeSeconds(),
                "times");
        figures.add(
                "mixed.decodeShare",
                "continuous, of a full batch's decode rate",
                overlapped.decodedTokensPerSecond() / kernels.decodeRate(BATCH),
                BenchmarkFigure.SHARE);
    }

    private int mixedCount(Duration time) {
        double request = kernels.promptSeconds() + MEAN_ANSWER / kernels.decodeRate(BATCH);
        double fitting = time.toMillis() / 1e3 / (2 * request);
        return (int) Math.max(FEWEST_MIXED, Math.min(MOST_MIXED, fitting));
    }

    private LoadResult continuous(int count, DoubleConsumer progress) {
        if (continuous == null) {
            try (LoadRun run = mixedRun(progress)) {
                continuous = run.continuously(loads().mixed(count));
            }
        }
        return continuous;
    }

    /** Capacity is what continuous batching reaches on the mixed load. */
    void latency(Duration time, DoubleConsumer progress) {
        double capacity =
                continuous(mixedCount(time), share -> progress.accept(share / 2))
                        .answersPerSecond();
        double rate = LOAD * capacity;
        double fitting = time.toMillis() / 1e3 * rate;
        int count = (int) Math.max(FEWEST_ARRIVALS, Math.min(MOST_ARRIVALS, fitting));
        BenchmarkLoads loads = loads();
        List<SequenceRequest> requests = loads.mixed(count);
        LoadResult result;
        try (LoadRun run = mixedRun(share -> progress.accept((1 + share) / 2))) {
            result = run.atTimes(requests, loads.arrivals(count, rate));
        }
        figures.add("latency.requests", "requests at 70 % of capacity", count, "requests");
        addQuantiles(
                "firstToken",
                "time to first token",
                new Timings(result.firstTokens()),
                kernels.idealPromptSeconds());
        addQuantiles(
                "interToken",
                "time between tokens",
                new Timings(result.nextTokens()),
                kernels.idealStepSeconds(1));
    }

    private void addQuantiles(String key, String what, Timings timings, double idealSeconds) {
        for (int percent : new int[] {50, 99}) {
            double seconds = timings.quantile(percent / 100.0);
            figures.addWithShare(
                    key + ".p" + percent,
                    "%s, p%d".formatted(what, percent),
                    seconds * 1e3,
                    "ms",
                    idealSeconds / seconds);
        }
    }

    void tasks(DoubleConsumer progress) {
        double together;
        try (LoadRun run = mixedRun(share -> progress.accept(share / 4))) {
            together = run.continuously(loads().tasksOnOneImage(TASKS)).seconds();
        }
        double apart;
        try (LoadRun run = mixedRun(share -> progress.accept((1 + 3 * share) / 4))) {
            apart = run.continuously(loads().separateTasks(TASKS)).seconds();
        }
        figures.add("tasks.together", "five tasks on one image", together, "s");
        figures.add("tasks.apart", "five requests", apart, "s");
        figures.add(
                "tasks.cost",
                "five tasks, of five requests",
                together / apart,
                BenchmarkFigure.SHARE);
    }

    void snapshot(Duration time) {
        Timings timings = SnapshotSpeed.measure(loads(), time);
        String what = "snapshot of %d sequences".formatted(SnapshotSpeed.SEQUENCES);
        figures.add("snapshot.median", what + ", median", timings.median() * 1e6, "us");
        figures.add("snapshot.p99", what + ", p99", timings.quantile(0.99) * 1e6, "us");
    }

    private BenchmarkLoads loads() {
        return new BenchmarkLoads(network.config(), seed);
    }

    private LoadRun mixedRun(DoubleConsumer progress) {
        return run(BATCH * BenchmarkLoads.mostPositions(network.config()), progress);
    }

    private LoadRun run(int kvTokens, DoubleConsumer progress) {
        EngineOptions options = new EngineOptions(BATCH, kvTokens, STEP_TOKENS, CHUNK_TOKENS);
        return new LoadRun(network, decoder, options, progress);
    }
}
