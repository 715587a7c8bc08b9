package io.sightmill.engine;

import java.util.Objects;

/**
 * Where an image stands in a prompt.
 *
 * @param start index of its first token; it takes {@code image.tokens()} of them
 */
public record ImageSpan(int start, PreparedImage image) {

    public ImageSpan {
        Objects.requireNonNull(image, "image");
        if (start < 0) {
            throw new IllegalArgumentException("start is " + start + " and must be 0 or more");
        }
    }

    /** Index after its last token. */
    public int end() {
        return start + image.tokens();
    }
}
