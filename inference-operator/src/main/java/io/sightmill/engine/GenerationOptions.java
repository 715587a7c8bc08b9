package io.sightmill.engine;

import java.util.List;
import java.util.Map;

/**
 * How an answer is generated. Logits go through bias, repetition penalty, the least length,
 * temperature, top-k and top-p, in this order.
 *
 * @param maxNewTokens most tokens to generate, at least 1
 * @param minNewTokens the model's end token is not chosen before there are this many tokens; a stop
 *     string ends the answer all the same. At most {@code maxNewTokens}
 * @param temperature divides the logits before sampling; 0 is greedy decoding
 * @param topP sample from the smallest set of tokens with this much probability, in (0, 1]
 * @param topK sample from this many most likely tokens; 0 is off
 * @param seed seed of the sampler; the tokens of a request depend on it and never on batch mates
 * @param stop the answer ends before the first of these strings
 * @param logitBias added to the logits of these token ids; ids that the model does not have are
 *     without effect
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens that stand in
 *     the prompt or the answer so far (arXiv 1909.05858); 1 is off
 * @param logProbabilities how many of the most likely tokens are reported with each token, at most
 *     {@value #MOST_LOG_PROBABILITIES}; 0 reports the chosen one alone, -1 nothing
 */
public record GenerationOptions(
        int maxNewTokens,
        int minNewTokens,
        double temperature,
        double topP,
        int topK,
        long seed,
        List<String> stop,
        Map<Integer, Double> logitBias,
        double repetitionPenalty,
        int logProbabilities) {

    public static final int MOST_LOG_PROBABILITIES = 20;

    private static final int MOST_BIASES = 1_024;

    public GenerationOptions {
        require(maxNewTokens >= 1, "maxNewTokens", maxNewTokens, "at least 1");
        require(
                minNewTokens >= 0 && minNewTokens <= maxNewTokens,
                "minNewTokens",
                minNewTokens,
                "at least 0 and at most maxNewTokens, " + maxNewTokens);
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature",
                temperature,
                "0 or more");
        require(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
        require(topK >= 0, "topK", topK, "0 or more");
        stop = List.copyOf(stop);
        require(stop.stream().noneMatch(String::isEmpty), "stop", stop, "free of empty strings");
        logitBias = Map.copyOf(logitBias);
        require(
                logitBias.size() <= MOST_BIASES,
                "logitBias",
                logitBias.size() + " entries",
                "at most " + MOST_BIASES);
        require(
                logitBias.values().stream().allMatch(Double::isFinite),
                "logitBias",
                logitBias,
                "finite");
        require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetitionPenalty",
                repetitionPenalty,
                "above 0");
        require(
                logProbabilities >= -1 && logProbabilities <= MOST_LOG_PROBABILITIES,
                "logProbabilities",
                logProbabilities,
                "from -1 to " + MOST_LOG_PROBABILITIES);
    }

    /** Without least length, bias, penalty and log-probabilities. */
    public GenerationOptions(
            int maxNewTokens,
            double temperature,
            double topP,
            int topK,
            long seed,
            List<String> stop) {
        this(maxNewTokens, 0, temperature, topP, topK, seed, stop, Map.of(), 1, -1);
    }

    /** Greedy decoding of at most this many tokens. */
    public static GenerationOptions greedy(int maxNewTokens) {
        return new GenerationOptions(maxNewTokens, 0, 1, 0, 0, List.of());
    }

    /** The same with other stop strings. */
    public GenerationOptions withStop(List<String> strings) {
        return new GenerationOptions(
                maxNewTokens,
                minNewTokens,
                temperature,
                topP,
                topK,
                seed,
                strings,
                logitBias,
                repetitionPenalty,
                logProbabilities);
    }

    public boolean isGreedy() {
        return temperature == 0;
    }

    /** Whether each token is reported with its log-probability. */
    public boolean wantsLogProbabilities() {
        return logProbabilities >= 0;
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + " and must be " + bound);
        }
    }
}
