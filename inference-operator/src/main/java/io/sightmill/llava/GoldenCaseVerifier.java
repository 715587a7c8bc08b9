package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.Device;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.Prompt;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Compares a checkpoint's run with what a reference implementation recorded, on the kernels that
 * answer requests. Used by one thread; owns the loaded network.
 */
public final class GoldenCaseVerifier implements AutoCloseable {

    private final LlavaNetwork network;
    private final LanguageModel language;
    private final GoldenLimits limits;

    /**
     * Loads the network of a checkpoint; needs neither tokenizer nor image processing.
     *
     * @throws ModelLoadException if the checkpoint is broken
     */
    public GoldenCaseVerifier(Path directory, Precision precision, Device device) {
        this(directory, precision, LoadOptions.defaults(), LoadProgress.none(), device);
    }

    /** The same with what is checked and allowed, and with somebody who hears how far it is. */
    public GoldenCaseVerifier(
            Path directory,
            Precision precision,
            LoadOptions options,
            LoadProgress progress,
            Device device) {
        this(LlavaNetwork.open(directory, precision, options, progress, device), precision);
    }

    /** The same with a network that is loaded already; closed with this. */
    GoldenCaseVerifier(LlavaNetwork network, Precision precision) {
        this.network = network;
        this.language = network.language();
        this.limits = GoldenLimits.of(precision);
    }

    /**
     * Runs one case: projector, logits over the whole prompt, and the greedy tokens, each decoded
     * after the reference's tokens so that one difference does not hide the rest.
     *
     * @param file a safetensors file with {@code input_ids} and {@code generated_ids}, and as far
     *     as recorded {@code pixel_values}, {@code projector_output}, {@code logits} and {@code
     *     generated_logits}
     * @throws ModelLoadException if the case is broken or does not fit the model
     */
    public GoldenResult verify(Path file) {
        GoldenCase golden = GoldenCase.read(file, network.config());
        try (ImageFeatures features = new ImageFeatures(network);
                NDManager step = network.newScope();
                KvPool pool = language.newPool();
                KvCache cache = pool.newCache(golden.positions())) {
            OptionalDouble projector =
                    difference(golden.projectorOutput(), project(golden, features));
            float[][] prompt = prefill(golden.prompt(), features, cache, step);
            float[][] generated = decode(golden, prompt[prompt.length - 1], cache, step);
            return new GoldenResult(
                    golden.name(),
                    projector,
                    difference(golden.logits(), prompt),
                    difference(golden.generatedLogits(), generated),
                    equalIds(golden.generatedIds(), generated),
                    golden.generatedIds().length,
                    limits);
        }
    }

    private float[][] project(GoldenCase golden, ImageFeatures features) {
        return golden.prompt().images().stream()
                .map(ImageSpan::image)
                .map(image -> network.projector().values(features.of(image)))
                .toArray(float[][]::new);
    }

    private float[][] prefill(
            Prompt prompt, ImageFeatures features, KvCache cache, NDManager step) {
        PromptEmbedder embedder =
                new PromptEmbedder(language, features, network.config().text().vocabularySize());
        PtNDArray embedded = embedder.embed(prompt, 0, prompt.length(), step);
        try (PtNDArray hidden = language.prefill(embedded, cache, 0, step)) {
            return language.logits(hidden, 0, step);
        }
    }

    private float[][] decode(
            GoldenCase golden, float[] afterPrompt, KvCache cache, NDManager step) {
        int[] ids = golden.generatedIds();
        float[][] logits = new float[ids.length][];
        logits[0] = afterPrompt;
        for (int i = 1; i < ids.length; i++) {
            int[] position = {golden.prompt().length() + i - 1};
            logits[i] = language.decode(new int[] {ids[i - 1]}, position, List.of(cache), step)[0];
        }
        return logits;
    }

    private static int equalIds(int[] expected, float[][] logits) {
        int equal = 0;
        for (int i = 0; i < expected.length; i++) {
            if (chosen(logits[i]) == expected[i]) {
                equal++;
            }
        }
        return equal;
    }

    private static int chosen(float[] logits) {
        try {
            return TokenSampler.next(logits, GenerationOptions.greedy(1), 0);
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    /**
     * The largest absolute difference; NaN as soon as one value is, or if there are more or less.
     */
    private static OptionalDouble difference(Optional<float[]> expected, float[][] actual) {
        if (expected.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (Arrays.stream(actual).mapToLong(row -> row.length).sum() != expected.get().length) {
            return OptionalDouble.of(Double.NaN);
        }
        double most = 0;
        int at = 0;
        for (float[] row : actual) {
            for (float value : row) {
                most = Math.max(most, Math.abs((double) value - expected.get()[at++]));
            }
        }
        return OptionalDouble.of(most);
    }

    @Override
    public void close() {
        network.close();
    }
}
