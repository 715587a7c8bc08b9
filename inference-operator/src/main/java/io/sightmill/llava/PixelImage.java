package io.sightmill.llava;

import io.sightmill.engine.PreparedImage;
import java.util.Objects;

/**
 * An image as the vision encoder takes it.
 *
 * @param pixels normalised values, [3, size, size]: channel, row, column. Not copied, never
 *     changed.
 * @param size side in pixels
 * @param key SHA-256 over the bytes after resizing and over everything done to them since
 * @param tokens prompt tokens the image takes
 */
public record PixelImage(float[] pixels, int size, String key, int tokens)
        implements PreparedImage {

    public PixelImage {
        Objects.requireNonNull(key, "key");
        if (size < 1 || pixels.length != 3 * size * size) {
            throw new IllegalArgumentException(
                    "pixels has %d values and must have 3 x %d x %d"
                            .formatted(pixels.length, size, size));
        }
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens is " + tokens + " and must be at least 1");
        }
    }
}
