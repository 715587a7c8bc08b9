package io.sightmill.llava;

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
     * @param progress hears how far the loading is
     * @throws ModelLoadException if the checkpoint is broken
     */
    public static LoadMeasurement take(
            Path directory, Precision precision, LoadProgress progress, Device device) {
        try (PeakMemory peak = new PeakMemory()) {
            long begin = System.nanoTime();
            try (LlavaNetwork network =
                    LlavaNetwork.open(
                            directory, precision, LoadOptions.defaults(), progress, device)) {
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
        float[][] logits = PromptLogits.of(network, prompt, prompt.length() - 1);
        return TokenSampler.next(logits[0], GenerationOptions.greedy(1), 0);
    }
}
