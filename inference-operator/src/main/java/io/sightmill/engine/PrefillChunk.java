package io.sightmill.engine;

/**
 * A stretch of a prompt to run through the language model. Its borders depend on the prompt alone,
 * never on the load: the last bits of a row depend on where its chunk begins.
 *
 * @param from first position
 * @param to position after the last; the prompt's length for the last chunk
 */
public record PrefillChunk(Sequence sequence, int from, int to) {

    public PrefillChunk {
        if (from < 0 || to <= from || to > sequence.prompt().length()) {
            throw new IllegalArgumentException(
                    "chunk [%d, %d) does not fit a prompt of %d tokens"
                            .formatted(from, to, sequence.prompt().length()));
        }
    }

    public boolean isLast() {
        return to == sequence.prompt().length();
    }

    public int length() {
        return to - from;
    }
}
