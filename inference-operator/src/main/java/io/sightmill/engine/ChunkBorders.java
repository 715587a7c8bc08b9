package io.sightmill.engine;

/**
 * Where a prompt may be cut for prefill. A prefix prefilled alone differs in its last bits from the
 * same rows of a longer prefill, so a cut depends on the prompt and on {@code chunkTokens} alone:
 * never on the load, and never on whether a prefix was found in a cache.
 *
 * <p>Borders are the prompt's ends, the end of every image, and every {@code chunkTokens} positions
 * of text counted from the last border. An image is never cut: the text before it that is left over
 * and the whole image make one chunk.
 *
 * @param chunkTokens longest stretch of text in a chunk
 */
record ChunkBorders(int chunkTokens) {

    /** The border after {@code border}, which is itself a border before the prompt's end. */
    int next(Prompt prompt, int border) {
        for (ImageSpan span : prompt.images()) {
            if (span.start() >= border && span.end() > border) {
                boolean textFits = span.start() - border <= chunkTokens;
                return textFits ? span.end() : border + chunkTokens;
            }
        }
        // A subtraction, for a border plus a huge chunkTokens would overflow.
        return prompt.length() - border <= chunkTokens ? prompt.length() : border + chunkTokens;
    }
}
