package io.sightmill.engine;

import java.util.Arrays;

/**
 * Turns tokens into text as they come, without decoding the whole answer again at each.
 *
 * <p>A token's text depends on its neighbours (spaces at the start, characters of several tokens),
 * so each token is decoded together with the few before it. While the text ends in U+FFFD a
 * character may be unfinished: those tokens stay pending until it is whole, or until there are more
 * of them than any character has bytes.
 */
final class IncrementalDecoder {

    /** A character has at most four bytes, and a token at least one: more than this is garbage. */
    private static final int MOST_PENDING_TOKENS = 8;

    private static final char REPLACEMENT = '\uFFFD';

    private final TokenDecoder decoder;

    /** The tokens settled last, for context, and then the pending ones. */
    private int[] window = {};

    private int contextTokens;
    private String contextText = "";

    IncrementalDecoder(TokenDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * Takes a token.
     *
     * @return the text of the pending tokens, this one included. Unless it {@link #isSettled()} it
     *     comes again with the next token, and lacks the unfinished character at its end.
     */
    String append(int token) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = token;
        String text = decoder.decode(window);
        String pending = text.substring(Math.min(contextText.length(), text.length()));
        boolean whole = !pending.isEmpty() && pending.charAt(pending.length() - 1) != REPLACEMENT;
        if (whole || window.length - contextTokens > MOST_PENDING_TOKENS) {
            settle();
            return pending;
        }
        return withoutUnfinished(pending);
    }

    /** Whether the text returned last is final, so that the next token starts afresh. */
    boolean isSettled() {
        return window.length == contextTokens;
    }

    private void settle() {
        window = Arrays.copyOfRange(window, contextTokens, window.length);
        contextTokens = window.length;
        contextText = decoder.decode(window);
    }

    private static String withoutUnfinished(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == REPLACEMENT) {
            end--;
        }
        return text.substring(0, end);
    }
}
