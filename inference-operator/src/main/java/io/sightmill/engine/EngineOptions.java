package io.sightmill.engine;

import java.io.Serializable;

/**
 * Bounds of the engine.
 *
 * @param maxSequences most sequences that run at once
 * @param kvTokens KV memory in positions; the sum over running sequences never exceeds it
 * @param stepTokens most tokens a step spends on decoding and prefill together, at least {@code
 *     maxSequences}; one prefill chunk always fits
 * @param chunkTokens longest stretch of text that is prefilled at once. The last bits of the
 *     results depend on it, so keep it over restarts.
 */
public record EngineOptions(int maxSequences, int kvTokens, int stepTokens, int chunkTokens)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    public EngineOptions {
        requirePositive("maxSequences", maxSequences);
        requirePositive("kvTokens", kvTokens);
        requirePositive("stepTokens", stepTokens);
        requirePositive("chunkTokens", chunkTokens);
        if (stepTokens < maxSequences) {
            throw new IllegalArgumentException(
                    "stepTokens is %d and must be at least maxSequences, %d: every running sequence decodes in every step"
                            .formatted(stepTokens, maxSequences));
        }
    }

    public static EngineOptions defaults() {
        return new EngineOptions(32, 65_536, 1_024, 256);
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + " and must be at least 1");
        }
    }
}
