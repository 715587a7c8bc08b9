package io.sightmill.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A tokenizer for tests: a token is a byte of UTF-8, and {@link #END} ends an answer. */
final class ByteTokens implements TokenDecoder {

    static final int END = 256;

    private int longestDecoded;

    static int[] of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[bytes.length];
        Arrays.setAll(tokens, at -> Byte.toUnsignedInt(bytes[at]));
        return tokens;
    }

    static int[] ending(String text) {
        int[] tokens = of(text);
        int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
        ended[tokens.length] = END;
        return ended;
    }

    /** How many tokens it was given at once at most. */
    int longestDecoded() {
        return longestDecoded;
    }

    @Override
    public String decode(int[] tokenIds) {
        longestDecoded = Math.max(longestDecoded, tokenIds.length);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokenIds) {
            if (token != END) {
                bytes.write(token);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
