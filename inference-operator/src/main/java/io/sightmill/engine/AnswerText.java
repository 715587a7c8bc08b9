package io.sightmill.engine;

import java.util.Arrays;
import java.util.List;

/**
 * The tokens of an answer and their text, which ends before the first stop string.
 *
 * <p>Stop strings are looked for as tokens come, also across their borders. The final text is
 * decoded once from all tokens, and so depends on nothing but them.
 */
final class AnswerText {

    private final TokenDecoder decoder;
    private final List<String> stop;
    private final int longestStop;
    private final IncrementalDecoder incremental;

    /** The end of the settled text, as much of it as may begin a stop string. */
    private String tail = "";

    private int[] tokens = new int[16];
    private int tokenCount;

    AnswerText(TokenDecoder decoder, List<String> stop) {
        this.decoder = decoder;
        this.stop = stop;
        this.longestStop = stop.stream().mapToInt(String::length).max().orElse(0);
        this.incremental = new IncrementalDecoder(decoder);
    }

    /** Takes a token; tells whether the text now holds a stop string. */
    boolean append(int token) {
        if (tokenCount == tokens.length) {
            tokens = Arrays.copyOf(tokens, tokens.length * 2);
        }
        tokens[tokenCount++] = token;
        return !stop.isEmpty() && completesStop(token);
    }

    int tokenCount() {
        return tokenCount;
    }

    int[] tokens() {
        return Arrays.copyOf(tokens, tokenCount);
    }

    /** The text of all tokens, cut before the first stop string. */
    String text() {
        String whole = tokenCount == 0 ? "" : decoder.decode(tokens());
        int cut = stop.stream().mapToInt(whole::indexOf).filter(at -> at >= 0).min().orElse(-1);
        return cut < 0 ? whole : whole.substring(0, cut);
    }

    private boolean completesStop(int token) {
        String candidate = tail + incremental.append(token);
        if (incremental.isSettled()) {
            tail = candidate.substring(Math.max(0, candidate.length() - (longestStop - 1)));
        }
        return stop.stream().anyMatch(candidate::contains);
    }
}
