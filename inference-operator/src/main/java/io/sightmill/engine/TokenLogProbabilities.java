package io.sightmill.engine;

/**
 * How likely the model held a token of an answer, before any bias, penalty or temperature: natural
 * logarithms.
 *
 * @param tokenId the token that was chosen
 * @param logProbability its own
 * @param topTokenIds the most likely tokens, the most likely first
 * @param topLogProbabilities theirs, in the same order
 */
public record TokenLogProbabilities(
        int tokenId, double logProbability, int[] topTokenIds, double[] topLogProbabilities) {}
