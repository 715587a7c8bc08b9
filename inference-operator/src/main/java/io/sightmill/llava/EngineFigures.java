package io.sightmill.llava;

import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TokenDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleConsumer;

/** The figures of the engine at work on the model. Used by one thread. */
final class EngineFigures {

    private static final int BATCH = 16;
    private static final int MIXED = 4 * BATCH;

    /** The largest batch whose decoding is measured alone; the mixed load fills it twice. */
    private static final int PLACES = 2 * BATCH;

    /** The mean of the mixed load's answers, and the longest. */
    private static final int MEAN_ANSWER = 72;

    private static final int MOST_ANSWER = 256;

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
    private Optional<LoadResult> continuous = Optional.empty();

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
        try (LoadRun run = run(BATCH, promptTokens + OWN_WORK_STEPS, share -> {})) {
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

    /** Continuous batching of requests whose prompts and answers differ in length. */
    void mixed(DoubleConsumer progress) {
        try (LoadRun run = run(PLACES, progress)) {
            continuous = Optional.of(run.continuously(loads().mixed(MIXED)));
        }
        LoadResult result = continuous.get();
        figures.add("mixed.requests", "requests of the mixed load", MIXED, "requests");
        figures.add(
                "mixed.continuous",
                "continuous batching, %d places".formatted(PLACES),
                result.answersPerSecond(),
                "answers/s");
        figures.add(
                "mixed.decodeShare",
                "its decode rate, of a full batch of %d".formatted(BATCH),
                result.decodedTokensPerSecond() / kernels.decodeRate(BATCH),
                BenchmarkFigure.SHARE);
        figures.add(
                "mixed.promptShare",
                "its time in encode and prefill",
                1 - result.decodeSeconds() / result.seconds(),
                BenchmarkFigure.SHARE);
    }

    /** Batches that each wait for the end of the one before, as many as fit the time. */
    void batches(Duration time, DoubleConsumer progress) {
        double batch = BATCH * kernels.promptSeconds() + MOST_ANSWER / kernels.decodeRate(1);
        int count = (int) Math.max(1, Math.min(MIXED / BATCH, time.toMillis() / 1e3 / batch));
        LoadResult result;
        try (LoadRun run = run(BATCH, progress)) {
            result = run.inBatches(loads().mixed(MIXED).subList(0, count * BATCH), BATCH);
        }
        figures.add("batches.count", "static batches of %d".formatted(BATCH), count, "batches");
        figures.add("batches.static", "static batches", result.answersPerSecond(), "answers/s");
        figures.add(
                "batches.decodeShare",
                "their decode rate, of a full batch",
                result.decodedTokensPerSecond() / kernels.decodeRate(BATCH),
                BenchmarkFigure.SHARE);
        continuous.ifPresent(overlapped -> compare(overlapped, result));
    }

    private void compare(LoadResult overlapped, LoadResult batches) {
        figures.add(
                "batches.ratio",
                "continuous to static",
                overlapped.answersPerSecond() / batches.answersPerSecond(),
                "times");
        figures.add(
                "batches.decodeRatio",
                "the same of decoding alone",
                overlapped.decodedTokensPerSecond() / batches.decodedTokensPerSecond(),
                "times");
    }

    /**
     * Capacity is what continuous batching reaches on the mixed load, or, where that was not
     * measured, what the stages alone would reach one after the other.
     */
    void latency(Duration time, DoubleConsumer progress) {
        double rate = LOAD * continuous.map(LoadResult::answersPerSecond).orElseGet(this::capacity);
        double fitting = time.toMillis() / 1e3 * rate;
        int count = (int) Math.max(FEWEST_ARRIVALS, Math.min(MOST_ARRIVALS, fitting));
        BenchmarkLoads loads = loads();
        List<SequenceRequest> requests = loads.mixed(count);
        LoadResult result;
        try (LoadRun run = run(PLACES, progress)) {
            result = run.atTimes(requests, loads.arrivals(count, rate));
        }
        figures.add("latency.requests", "requests at 70 % of capacity", count, "requests");
        figures.add("latency.rate", "the rate they come at", rate, "requests/s");
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

    private double capacity() {
        return 1 / (kernels.promptSeconds() + MEAN_ANSWER / kernels.decodeRate(BATCH));
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
        try (LoadRun run = run(BATCH, share -> progress.accept(share / 4))) {
            together = run.continuously(loads().tasksOnOneImage(TASKS)).seconds();
        }
        double apart;
        try (LoadRun run = run(BATCH, share -> progress.accept((1 + 3 * share) / 4))) {
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

    /** An engine with room for so many requests of any of the loads. */
    private LoadRun run(int places, DoubleConsumer progress) {
        return run(places, BenchmarkLoads.mostPositions(network.config()), progress);
    }

    private LoadRun run(int places, int positions, DoubleConsumer progress) {
        int kvTokens = places * KvPool.wholePages(positions);
        EngineOptions options = new EngineOptions(places, kvTokens, STEP_TOKENS, CHUNK_TOKENS);
        return new LoadRun(network, decoder, options, progress);
    }
}
