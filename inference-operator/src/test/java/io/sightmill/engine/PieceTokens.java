package io.sightmill.engine;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A tokenizer for tests with the awkward habits of LLaMA's: the first space of a text is dropped,
 * and a run of byte tokens that is no valid UTF-8 as a whole becomes one U+FFFD a byte. Tokens
 * below {@link #FIRST_BYTE} are pieces, the last of them special: it has no text.
 */
final class PieceTokens implements TokenDecoder {

    static final int FIRST_BYTE = 100;
    static final List<String> PIECES = List.of("Hello", " world", " ", "STOP", "S", "TOP", "é", "");

    @Override
    public String decode(int[] tokenIds) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < tokenIds.length; ) {
            int end = at;
            while (end < tokenIds.length && tokenIds[end] >= FIRST_BYTE) {
                end++;
            }
            if (end > at) {
                text.append(bytes(tokenIds, at, end));
                at = end;
            } else {
                text.append(PIECES.get(tokenIds[at++]));
            }
        }
        return text.indexOf(" ") == 0 ? text.substring(1) : text.toString();
    }

    private static String bytes(int[] tokenIds, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int at = from; at < to; at++) {
            bytes[at - from] = (byte) (tokenIds[at] - FIRST_BYTE);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException invalid) {
            return "\uFFFD".repeat(bytes.length);
        }
    }
}
