package io.sightmill.ingest;

import io.sightmill.schema.Generation;
import io.sightmill.schema.Reason;
import io.sightmill.schema.TokenBias;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says what is wrong with how a task wants its answer generated. Thread-safe. */
final class GenerationValidator {

    /** The schema's own bounds; no configuration moves them, for the engine has the same. */
    private static final int MOST_BIASES = 1_024;

    private static final int MOST_LOG_PROBABILITIES = 20;

    private final IngestLimits limits;

    GenerationValidator(IngestLimits limits) {
        this.limits = limits;
    }

    /**
     * Returns if the options are valid.
     *
     * @param where the task, for messages
     */
    void check(Generation generation, String where) throws InvalidRequestException {
        checkLength(generation, where);
        checkSampling(generation, where);
        checkBias(generation.getLogitBias(), where);
        int likeliest = generation.getLogProbabilities();
        require(
                likeliest >= -1 && likeliest <= MOST_LOG_PROBABILITIES,
                where,
                "logProbabilities " + likeliest,
                "-1 to " + MOST_LOG_PROBABILITIES);
        List<String> stop = generation.getStop();
        limits.checkShortTexts(stop, limits.maxStopStrings(), where, "stop strings");
        require(
                stop.stream().noneMatch(String::isEmpty),
                where,
                "an empty stop string",
                "left out");
    }

    private void checkLength(Generation generation, String where) throws InvalidRequestException {
        int most = generation.getMaxNewTokens();
        require(
                most >= 1 && most <= limits.maxNewTokens(),
                where,
                "maxNewTokens " + most,
                "1 to " + limits.maxNewTokens());
        int least = generation.getMinNewTokens();
        require(
                least >= 0 && least <= most,
                where,
                "minNewTokens " + least,
                "0 to maxNewTokens, " + most);
    }

    private static void checkSampling(Generation generation, String where)
            throws InvalidRequestException {
        double temperature = generation.getTemperature();
        require(
                temperature >= 0 && Double.isFinite(temperature),
                where,
                "temperature " + temperature,
                "0 or more");
        double topP = generation.getTopP();
        require(topP > 0 && topP <= 1, where, "topP " + topP, "above 0 and at most 1");
        int topK = generation.getTopK();
        require(topK >= 0, where, "topK " + topK, "0 or more");
        double penalty = generation.getRepetitionPenalty();
        require(
                penalty > 0 && Double.isFinite(penalty),
                where,
                "repetitionPenalty " + penalty,
                "above 0 and finite");
    }

    private static void checkBias(List<TokenBias> entries, String where)
            throws InvalidRequestException {
        require(
                entries.size() <= MOST_BIASES,
                where,
                "logitBias of " + entries.size() + " tokens",
                "at most " + MOST_BIASES);
        Set<Integer> named = new HashSet<>();
        for (TokenBias entry : entries) {
            String token = "logitBias for token " + entry.getTokenId();
            require(entry.getTokenId() >= 0, where, token, "for a token id of 0 or more");
            double bias = entry.getBias();
            require(Double.isFinite(bias), where, token + " of " + bias, "a finite number");
            require(named.add(entry.getTokenId()), where, token + " twice", "there once");
        }
    }

    // NaN fails every comparison, so that each bound is written as what must hold.
    private static void require(boolean holds, String where, String option, String bound)
            throws InvalidRequestException {
        if (!holds) {
            throw new InvalidRequestException(
                    Reason.INVALID_TASK, where + " has " + option + "; it must be " + bound);
        }
    }
}
