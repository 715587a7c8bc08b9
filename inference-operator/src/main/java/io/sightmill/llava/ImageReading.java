package io.sightmill.llava;

import java.io.Serializable;
import java.util.Objects;

/**
 * How image files are read.
 *
 * @param limits what a file may cost
 * @param appliesOrientation whether a picture is turned upright where its metadata says how it was
 *     held; the reference does so for TIFF only, which are turned in any case
 * @param scalesDeepGrey whether grey of 16 bits keeps its upper 8; the reference's library cuts
 *     each sample off at 255 instead, which turns most such pictures white
 */
public record ImageReading(ImageLimits limits, boolean appliesOrientation, boolean scalesDeepGrey)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    public ImageReading {
        Objects.requireNonNull(limits, "limits");
    }

    /** Default limits, and pixels as the reference has them. */
    public static ImageReading defaults() {
        return asReference(ImageLimits.defaults());
    }

    /** Pixels as the reference has them: nothing but TIFF is turned, grey of 16 bits cut off. */
    public static ImageReading asReference(ImageLimits limits) {
        return new ImageReading(limits, false, false);
    }
}
