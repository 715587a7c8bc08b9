package io.sightmill.llava;

import java.io.Serializable;
import java.util.Objects;

/**
 * How image files are read.
 *
 * @param limits what a file may cost
 * @param appliesOrientation whether a picture is turned upright where its metadata says how it was
 *     held; the reference does so for TIFF only, which are turned in any case
 */
public record ImageReading(ImageLimits limits, boolean appliesOrientation) implements Serializable {

    private static final long serialVersionUID = 1L;

    public ImageReading {
        Objects.requireNonNull(limits, "limits");
    }

    /** Default limits; nothing but TIFF is turned. */
    public static ImageReading defaults() {
        return new ImageReading(ImageLimits.defaults(), false);
    }
}
