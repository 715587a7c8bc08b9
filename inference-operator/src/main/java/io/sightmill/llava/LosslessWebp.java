package io.sightmill.llava;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.time.Duration;
import javax.imageio.ImageReadParam;

/**
 * Lossless WebP, whose decoder believes what it reads: three bits order another pass over all
 * pixels, and eight bytes another table of a sixteenth of them. Passes, memory and time are counted
 * here.
 */
final class LosslessWebp {

    private static final long BASE_BYTES = 32 << 20;
    private static final long BYTES_PER_PIXEL = 4;
    private static final long BASE_NANOS = 500_000_000;

    /** A multiple of what the decoder takes for noise, of which nothing can be foretold. */
    private static final long NANOS_PER_PIXEL = 1_000;

    private LosslessWebp() {}

    /**
     * @param file with the pixels' chunk alone, its alpha in use
     * @throws IOException if it is broken or asks for more than a lossless image can need
     */
    static BufferedImage read(byte[] file, int width, int height) throws IOException {
        long pixels = (long) width * height;
        BufferedImage image = image(width, height);
        MeteredInput stream =
                new MeteredInput(
                        file,
                        BASE_BYTES + BYTES_PER_PIXEL * pixels,
                        Duration.ofNanos(BASE_NANOS + NANOS_PER_PIXEL * pixels));
        return ImageFormat.WEBP.read(
                stream,
                reader -> {
                    ImageReadParam into = reader.getDefaultReadParam();
                    into.setDestination(image);
                    return reader.read(0, into);
                });
    }

    private static BufferedImage image(int width, int height) {
        ColorModel colors =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_sRGB),
                        true,
                        false,
                        Transparency.TRANSLUCENT,
                        DataBuffer.TYPE_BYTE);
        return new BufferedImage(colors, MeteredRaster.of(width, height), false, null);
    }
}
