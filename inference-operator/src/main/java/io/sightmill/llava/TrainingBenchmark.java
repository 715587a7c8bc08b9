package io.sightmill.llava;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.sightmill.engine.Prompt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How fast a checkpoint is trained, stage by stage, as a share of the rate at which the library
 * multiplies large matrices in the same number format and in the same way. A stage's operations are
 * those of its matrix products and attention; its time is that of whole steps, optimiser included.
 * Used by one thread.
 */
public final class TrainingBenchmark {

    /** Words that a patch is labelled with in measuring: about as many as scenes have. */
    private static final int WORDS = 64;

    /** Sides of the matrices whose rate is compared with, [rows, side] by [side, side]. */
    private static final List<Integer> SIDES = List.of(1_024, 2_048);

    private static final int ROWS = 4_096;
    private static final int MOST_STEPS = 200;
    private static final AdamWOptions OPTIMIZER = AdamWOptions.defaults();

    private final Path directory;
    private final LlavaConfig config;
    private final int positions;
    private final boolean mixedPrecision;
    private final int lanes;
    private final BenchmarkFigures figures;

    /**
     * @param positions of a step, at least
     * @param mixedPrecision whether products are in bfloat16
     * @param lanes threads that share a step
     */
    private TrainingBenchmark(Path directory, int positions, boolean mixedPrecision, int lanes) {
        this.directory = directory;
        this.config = LlavaConfig.read(directory);
        Bound.require("positions", positions, 1, 1 << 20);
        this.positions = positions;
        this.mixedPrecision = mixedPrecision;
        this.lanes = lanes;
        this.figures = new BenchmarkFigures(precision());
    }

    /**
     * Measures a checkpoint.
     *
     * @param positions of a step, at least
     * @param mixedPrecision whether products are in bfloat16
     * @param lanes threads that share a step; 0 for as many as the library has
     * @param time in all
     * @throws IllegalArgumentException if an argument is wrong
     */
    public static BenchmarkReport run(
            Path directory, int positions, boolean mixedPrecision, int lanes, Duration time) {
        // Loads the library, which is asked for its threads before anything is measured.
        Engine.getEngine("PyTorch");
        int threads = lanes == 0 ? JniUtils.getNumThreads() : lanes;
        TrainingBenchmark benchmark =
                new TrainingBenchmark(directory, positions, mixedPrecision, threads);
        benchmark.measure(time);
        return new BenchmarkReport(
                String.valueOf(directory.toAbsolutePath().normalize().getFileName()),
                benchmark.precision(),
                JniUtils.getNumThreads(),
                benchmark.figures.all());
    }

    private Precision precision() {
        return mixedPrecision ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    private void measure(Duration time) {
        Duration slice = time.dividedBy(6);
        double products = products(slice);
        figures.add("tuning.products", "products of large matrices", products / 1e9, "GFLOP/s");
        if (!config.isTiled() && !config.keepsClassPosition()) {
            tower(slice, products);
        }
        stage("language", "pretrain: language model", EnumSet.of(TrainablePart.LANGUAGE), false)
                .measure(slice, products);
        stage("align", "align: projector", EnumSet.of(TrainablePart.PROJECTOR), true)
                .measure(slice, products);
        stage(
                        "instruct",
                        "instruct-tune: projector, language model",
                        EnumSet.of(TrainablePart.PROJECTOR, TrainablePart.LANGUAGE),
                        true)
                .measure(slice, products);
    }

    /** Operations a second, of plain products as training has them. */
    private double products(Duration slice) {
        Duration each = slice.dividedBy(SIDES.size());
        return SIDES.stream()
                .mapToDouble(side -> ProductRates.rate(precision(), ROWS, side, each, MOST_STEPS))
                .max()
                .orElseThrow();
    }

    private void tower(Duration slice, double products) {
        try (TrainableModel model = open(EnumSet.of(TrainablePart.VISION));
                TrainableTower tower = new TrainableTower(model, WORDS, 1);
                TrainingLanes<PatchSample> threads = new TrainingLanes<>(tower, model.setup())) {
            RandomPrompts prompts = new RandomPrompts(config, 1);
            Random random = new Random(1);
            List<PatchSample> samples =
                    filled(() -> labelled(prompts.image(), random), PatchSample::length);
            add("vision", "pretrain: vision tower", tower, threads, samples, slice, products);
        }
    }

    private static PatchSample labelled(PixelImage image, Random random) {
        float[] labels = new float[image.tokens() * (WORDS + PatchSample.OTHERS)];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(8) == 0 ? 1 : 0;
        }
        return new PatchSample(image, labels, WORDS);
    }

    /** What trains some parts on dialogues. */
    private record Stage(
            TrainingBenchmark benchmark,
            String key,
            String what,
            Set<TrainablePart> trained,
            boolean withImages) {

        void measure(Duration slice, double products) {
            RandomPrompts prompts = new RandomPrompts(benchmark.config, 1);
            List<TrainingSample> samples =
                    benchmark.filled(
                            () -> answered(withImages ? prompts.withImage() : prompts.text()),
                            TrainingSample::length);
            try (TrainableModel model = benchmark.open(trained);
                    TrainingLanes<TrainingSample> threads =
                            new TrainingLanes<>(model, model.setup())) {
                benchmark.add(key, what, model, threads, samples, slice, products);
            }
        }
    }

    private Stage stage(String key, String what, Set<TrainablePart> trained, boolean withImages) {
        return new Stage(this, key, what, trained, withImages);
    }

    /** The second half of the text is the answer. */
    private static TrainingSample answered(Prompt prompt) {
        int[] ids = prompt.tokenIds();
        int[] targets = new int[ids.length];
        Arrays.fill(targets, TrainingSample.IGNORED);
        int image = prompt.images().stream().mapToInt(span -> span.end()).max().orElse(0);
        IntStream.range((image + ids.length) / 2, ids.length - 1)
                .forEach(at -> targets[at] = ids[at + 1]);
        return new TrainingSample(prompt, targets);
    }

    private <S extends LearnedSample> List<S> filled(Supplier<S> samples, ToIntFunction<S> length) {
        S first = samples.get();
        int count = Math.max(1, positions / length.applyAsInt(first));
        return Stream.concat(Stream.of(first), Stream.generate(samples).limit(count - 1L)).toList();
    }

    private TrainableModel open(Set<TrainablePart> trained) {
        return TrainableModel.open(
                directory, new TrainingSetup(trained, mixedPrecision, Optional.empty(), 1, lanes));
    }

    /** One for each lane. */
    private <S extends LearnedSample> List<List<S>> shares(List<S> samples) {
        int size = (samples.size() + lanes - 1) / lanes;
        return IntStream.iterate(0, begin -> begin < samples.size(), begin -> begin + size)
                .mapToObj(begin -> samples.subList(begin, Math.min(samples.size(), begin + size)))
                .toList();
    }

    private static <S extends LearnedSample> void accumulate(
            TrainingLanes<S> threads, List<List<S>> parts, double scale) {
        try {
            threads.accumulate(parts, scale, part -> 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private <S extends LearnedSample> void add(
            String key,
            String what,
            Trainable<S> trained,
            TrainingLanes<S> threads,
            List<S> samples,
            Duration slice,
            double products) {
        List<List<S>> parts = shares(samples);
        double scale = 1.0 / samples.stream().mapToInt(LearnedSample::learned).sum();
        Map<TrainablePart, Double> rates = new EnumMap<>(TrainablePart.class);
        Arrays.stream(TrainablePart.values()).forEach(part -> rates.put(part, 1e-5));
        long[] step = {0};
        Timings timings =
                Timings.repeat(
                        slice,
                        MOST_STEPS,
                        () -> {
                            accumulate(threads, parts, scale);
                            trained.update(++step[0], rates, OPTIMIZER);
                        });
        int length = samples.stream().mapToInt(LearnedSample::length).sum();
        figures.addWithShare(
                "tuning." + key,
                what,
                length / timings.median(),
                "tokens/s",
                trained.operations(samples) / timings.median() / products);
    }
}
