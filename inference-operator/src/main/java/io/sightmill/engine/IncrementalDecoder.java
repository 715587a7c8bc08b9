package io.sightmill.engine;

import java.util.Arrays;

/**
 * Turns tokens into text as they come, without decoding the whole answer again at each.
 *
 * <p>A token's text depends on its neighbours (spaces at the start, characters of several tokens),
 * so each token is decoded together with the few before it. While the text ends in U+FFFD a
 * character may be unfinished: those tokens stay pending until it is whole, or until there are more
 * of them than any character has bytes. A run of byte tokens stays pending as long as it goes on.
 */
final class IncrementalDecoder {

    /** A character has at most four bytes, and a token at least one: more than this is garbage. */
    private static final int MOST_PENDING_TOKENS = 8;

    /** Without its last byte a character has at most three. */
    private static final int MOST_UNFINISHED_TOKENS = 3;

    private static final char REPLACEMENT = '\uFFFD';

    private final TokenDecoder decoder;

    /** The tokens settled last, for context, and then the pending ones. */
    private int[] window = {};

    private int contextTokens;
    private String contextText = "";

    /** Whether the last text is of byte tokens: until they end, a later one may spoil them all. */
    private boolean inBytes;

    /** Text of tokens that are out of the window, but not yet returned as settled. */
    private String carried = "";

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
        String pending = pending(text);
        inBytes = decoder.isByte(token) || inBytes && addsNothing(text);
        boolean whole =
                !inBytes
                        && !pending.isEmpty()
                        && pending.charAt(pending.length() - 1) != REPLACEMENT;
        if (whole) {
            settle(window.length);
            String settled = carried + pending;
            carried = "";
            return settled;
        }
        if (!inBytes && window.length - contextTokens > MOST_PENDING_TOKENS) {
            pending = carryGarbage(text);
        }
        return carried + withoutUnfinished(pending);
    }

    /** Whether the last token, a special one, leaves the text as it was. */
    private boolean addsNothing(String text) {
        return decoder.decode(Arrays.copyOf(window, window.length - 1)).equals(text);
    }

    private String pending(String text) {
        return text.substring(Math.min(contextText.length(), text.length()));
    }

    /**
     * Forgets pending tokens whose text no later token can change: all but those that may begin a
     * character, cut where no character lies across.
     */
    private String carryGarbage(String text) {
        int cut = window.length - MOST_UNFINISHED_TOKENS;
        String before = decoder.decode(Arrays.copyOf(window, cut));
        while (cut > contextTokens && !text.startsWith(before)) {
            cut--;
            before = decoder.decode(Arrays.copyOf(window, cut));
        }
        if (cut == contextTokens) {
            return pending(text);
        }
        carried += pending(before);
        settle(cut);
        return text.substring(before.length());
    }

    /** Whether the text returned last is final, so that the next token starts afresh. */
    boolean isSettled() {
        return window.length == contextTokens;
    }

    /**
     * @param tokens how many of the window's are settled
     */
    private void settle(int tokens) {
        window = Arrays.copyOfRange(window, contextTokens, window.length);
        contextTokens = tokens - contextTokens;
        contextText = decoder.decode(Arrays.copyOf(window, contextTokens));
    }

    private static String withoutUnfinished(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == REPLACEMENT) {
            end--;
        }
        return text.substring(0, end);
    }
}
