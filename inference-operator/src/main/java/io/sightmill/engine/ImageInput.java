package io.sightmill.engine;

import java.util.Objects;

/**
 * An image file as it arrived.
 *
 * @param content the encoded bytes; not copied, never changed
 * @param sha256 SHA-256 of the bytes, 64 lower-case hexadecimal digits
 */
public record ImageInput(byte[] content, String sha256) {

    public ImageInput {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(sha256, "sha256");
    }
}
