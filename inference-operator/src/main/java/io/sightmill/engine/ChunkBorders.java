package io.sightmill.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a prompt may be cut for prefill. A prefix prefilled alone differs in its last bits from the
 * same rows of a longer prefill, so a cut depends on the prompt and on {@code chunkTokens} alone:
 * never on the load, and never on whether a prefix was found in a cache.
 *
 * <p>Borders are the prompt's ends, the end of every image, and every {@code chunkTokens} positions
 * of text counted from the last border. The text before an image that is left over and the whole
 * image make one chunk, unless that is longer than {@value #LONGEST_IMAGE_CHUNK} positions, as with
 * the tiles of LLaVA-NeXT: then it is cut every so many positions, so that decoding beside it does
 * not wait for all of them.
 *
 * @param chunkTokens longest stretch of text in a chunk
 */
record ChunkBorders(int chunkTokens) {

    /** Of a chunk with an image in it, where {@code chunkTokens} is not longer. */
    static final int LONGEST_IMAGE_CHUNK = 1_024;

    /** The border after {@code border}, which is itself a border before the prompt's end. */
    int next(Prompt prompt, int border) {
        for (ImageSpan span : prompt.images()) {
            if (span.end() > border) {
                int longest = Math.max(LONGEST_IMAGE_CHUNK, chunkTokens);
                if (span.start() - border > chunkTokens) {
                    return border + chunkTokens;
                }
                return span.end() - border > longest ? border + longest : span.end();
            }
        }
        // A subtraction, for a border plus a huge chunkTokens would overflow.
        return prompt.length() - border <= chunkTokens ? prompt.length() : border + chunkTokens;
    }

    /**
     * The last border, before the second prompt's end, up to which two prompts are cut alike and
     * hold the same.
     */
    int common(Prompt owner, Prompt prompt) {
        int border = 0;
        while (border < owner.length() && border < prompt.length()) {
            int next = next(prompt, border);
            if (next == prompt.length()
                    || next != next(owner, border)
                    || !isAlike(owner, prompt, border, next)) {
                return border;
            }
            border = next;
        }
        return border;
    }

    /** How many positions of a prompt can be copied from a sequence as far as it has come. */
    int available(Sequence owner, Prompt prompt) {
        return Math.min(common(owner.prefill(), prompt), owner.prefilledTokens());
    }

    private static boolean isAlike(Prompt one, Prompt other, int from, int to) {
        return Arrays.equals(one.tokenIds(), from, to, other.tokenIds(), from, to)
                && images(one, from, to).equals(images(other, from, to));
    }

    /** Where images lie in a stretch, and which. */
    private static Map<Integer, String> images(Prompt prompt, int from, int to) {
        Map<Integer, String> images = new HashMap<>();
        for (ImageSpan span : prompt.images()) {
            if (span.end() > from && span.start() < to) {
                images.put(span.start(), span.image().key());
            }
        }
        return images;
    }
}
