package io.sightmill.llava;

import java.util.List;

/**
 * What an engine did with a load.
 *
 * @param answers that ended
 * @param seconds from the first submission to the last end
 * @param decodedTokens tokens that decode steps gave
 * @param decodeSeconds what they took of the time
 * @param firstTokens seconds from the time a request was due to its first token
 * @param nextTokens seconds between the tokens of an answer
 */
record LoadResult(
        int answers,
        double seconds,
        long decodedTokens,
        double decodeSeconds,
        List<Double> firstTokens,
        List<Double> nextTokens) {

    double answersPerSecond() {
        return answers / seconds;
    }

    double decodedTokensPerSecond() {
        return decodedTokens / decodeSeconds;
    }
}
