package io.sightmill.llava;

import io.sightmill.engine.PreparedImage;
import java.util.Arrays;
import java.util.Objects;

/**
 * An image as the vision encoder takes it.
 *
 * @param pixels normalised values, [tiles, 3, size, size]: tile, channel, row, column; the tile
 *     that shows the whole image first. Not copied, never changed.
 * @param size side of a tile in pixels
 * @param grid how the image lies on its tiles
 * @param key SHA-256 over the bytes after resizing, over how they lie on tiles and over everything
 *     done to them since
 * @param tokens prompt tokens the image takes
 */
public record PixelImage(float[] pixels, int size, TileGrid grid, String key, int tokens)
        implements PreparedImage {

    public PixelImage {
        Objects.requireNonNull(key, "key");
        if (size < 1 || pixels.length != 3L * size * size * grid.tiles()) {
            throw new IllegalArgumentException(
                    "pixels has %d values and must have %d x 3 x %d x %d"
                            .formatted(pixels.length, grid.tiles(), size, size));
        }
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens is " + tokens + " and must be at least 1");
        }
    }

    /** An image that is one tile: LLaVA before NeXT. */
    public PixelImage(float[] pixels, int size, String key, int tokens) {
        this(pixels, size, TileGrid.NONE, key, tokens);
    }

    /** One tile's pixels, [3, size, size]. */
    float[] tile(int index) {
        int length = 3 * size * size;
        return Arrays.copyOfRange(pixels, index * length, (index + 1) * length);
    }
}
