package io.sightmill.tuning.scenes;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG files in memory. Used by one thread, again and again. */
public final class PngEncoder {

    private final ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();

    /** The whole file. Its bytes depend on the runtime's compression, its pixels do not. */
    public byte[] encode(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(image);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode an image in memory", e);
        }
        return bytes.toByteArray();
    }
}
