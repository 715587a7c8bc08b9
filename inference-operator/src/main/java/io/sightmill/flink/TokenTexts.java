package io.sightmill.flink;

import io.sightmill.engine.TokenDecoder;
import java.util.Arrays;

/**
 * What a token adds to the text of those before it. A token has no text of its own: a blank belongs
 * to the word after it, and a character may take several tokens. Thread-safe.
 */
final class TokenTexts {

    /** A character takes four tokens at most; the text of a whole answer is not made again. */
    private static final int TOKENS_BEFORE = 8;

    private final TokenDecoder decoder;

    TokenTexts(TokenDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * @param tokens the answer's tokens
     * @param place how many of them come before
     * @param token the one in this place, or another that might have stood there
     * @return U+FFFD stands for part of a character
     */
    String text(int[] tokens, int place, int token) {
        int[] with = Arrays.copyOfRange(tokens, Math.max(0, place - TOKENS_BEFORE), place + 1);
        with[with.length - 1] = token;
        String before = decoder.decode(Arrays.copyOf(with, with.length - 1));
        String after = decoder.decode(with);
        int common = 0;
        while (common < before.length()
                && common < after.length()
                && before.charAt(common) == after.charAt(common)) {
            common++;
        }
        return after.substring(common);
    }
}
