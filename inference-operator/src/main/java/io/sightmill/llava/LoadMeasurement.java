package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.sightmill.engine.Device;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.Prompt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What loading a checkpoint costs.
 *
 * @param weightBytes of the weights as they are kept
 * @param load from the first byte read to a model that can answer
 * @param firstToken from then to the first token after an image and some text
 * @param whileLoading most memory until the weights were there
 * @param untilFirstToken most memory until the first token was
 */
public record LoadMeasurement(
        long weightBytes,
        Duration load,
        Duration firstToken,
        Optional<ProcessMemory> whileLoading,
        Optional<ProcessMemory> untilFirstToken) {

    private static final long SEED = 1;

    /**
     * Loads the network of a checkpoint, takes a token and closes it again.
     *
     * @throws ModelLoadException if the checkpoint is broken
     */
    public static LoadMeasurement take(Path directory, Precision precision, Device device) {
        try (PeakMemory peak = new PeakMemory()) {
            long begin = System.nanoTime();
            try (LlavaNetwork network = LlavaNetwork.open(directory, precision, device)) {
                Duration load = Duration.ofNanos(System.nanoTime() - begin);
                Optional<ProcessMemory> loading = peak.soFar();
                Prompt prompt = new RandomPrompts(network.config(), SEED).withImage();
                long asked = System.nanoTime();
                firstToken(network, prompt);
                return new LoadMeasurement(
                        network.weightBytes(),
                        load,
                        Duration.ofNanos(System.nanoTime() - asked),
                        loading,
                        peak.soFar());
            }
        }
    }

    private static int firstToken(LlavaNetwork network, Prompt prompt) {
        LanguageModel language = network.language();
        int vocabulary = network.config().text().vocabularySize();
        try (ImageFeatures features = new ImageFeatures(network);
                NDManager step = network.newScope();
                KvCache cache = language.newCache(prompt.length())) {
            PtNDArray embedded =
                    new PromptEmbedder(language, features, vocabulary)
                            .embed(prompt, 0, prompt.length(), step);
            try (PtNDArray hidden = language.prefill(embedded, cache, 0, step)) {
                float[][] logits = language.logits(hidden, prompt.length() - 1, step);
                return TokenSampler.next(logits[0], GenerationOptions.greedy(1), 0);
            }
        }
    }
}
