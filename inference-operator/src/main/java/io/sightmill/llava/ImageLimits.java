package io.sightmill.llava;

import java.io.Serializable;

/**
 * What an image file may cost before it is decoded.
 *
 * @param maxEncodedBytes most bytes of a file
 * @param maxPixels most pixels, width times height, as the file's header states them
 */
public record ImageLimits(int maxEncodedBytes, long maxPixels) implements Serializable {

    private static final long serialVersionUID = 1L;

    public ImageLimits {
        if (maxEncodedBytes < 1) {
            throw new IllegalArgumentException(
                    "maxEncodedBytes is " + maxEncodedBytes + " and must be at least 1");
        }
        if (maxPixels < 1) {
            throw new IllegalArgumentException(
                    "maxPixels is " + maxPixels + " and must be at least 1");
        }
    }

    /** 32 MiB and 50 million pixels. */
    public static ImageLimits defaults() {
        return new ImageLimits(32 << 20, 50_000_000);
    }
}
