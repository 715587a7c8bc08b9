package io.sightmill.engine;

import java.util.List;

/**
 * How an answer is generated.
 *
 * @param maxNewTokens most tokens to generate, at least 1
 * @param temperature divides the logits before sampling; 0 is greedy decoding
 * @param topP sample from the smallest set of tokens with this much probability, in (0, 1]
 * @param topK sample from this many most likely tokens; 0 is off
 * @param seed seed of the sampler; the tokens of a request depend on it and never on batch mates
 * @param stop the answer ends before the first of these strings
 */
public record GenerationOptions(
        int maxNewTokens, double temperature, double topP, int topK, long seed, List<String> stop) {

    public GenerationOptions {
        require(maxNewTokens >= 1, "maxNewTokens", maxNewTokens, "at least 1");
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature",
                temperature,
                "0 or more");
        require(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
        require(topK >= 0, "topK", topK, "0 or more");
        stop = List.copyOf(stop);
        require(stop.stream().noneMatch(String::isEmpty), "stop", stop, "free of empty strings");
    }

    /** Greedy decoding of at most this many tokens. */
    public static GenerationOptions greedy(int maxNewTokens) {
        return new GenerationOptions(maxNewTokens, 0, 1, 0, 0, List.of());
    }

    public boolean isGreedy() {
        return temperature == 0;
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + " and must be " + bound);
        }
    }
}
