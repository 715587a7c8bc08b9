package io.sightmill.llava;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.luciad.imageio.webp.WebPReadParam;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lossy WebP by libwebp, the reference's own decoder, where its native library loads; elsewhere by
 * one in Java that repeats chroma instead of interpolating it.
 *
 * <p>INVARIANT: libwebp never sees a lossless chunk, for which a small file can make it take
 * hundreds of megabytes outside Java's heap. Lossy ones take what their sides say, which are
 * checked before. Thread-safe.
 */
final class LossyWebp {

    private static final Logger LOG = LoggerFactory.getLogger(LossyWebp.class);

    /** One pixel. */
    private static final byte[] PROBE =
            Base64.getDecoder()
                    .decode(
                            "UklGRjgAAABXRUJQVlA4ICwAAACwAQCdASoBAAEAAgA0JaACdLoABDAAAP7zh3/7FnLYF4//nYP7N/ejwAAAAA==");

    private static final LossyWebp SHARED = load(new WebPImageReaderSpi());

    /**
     * Empty where libwebp cannot be used. One for all: each takes memory that is never given back,
     * and decoding only reads it.
     */
    private final Optional<WebPReadParam> parameters;

    private final ImageReaderSpi provider;

    private LossyWebp(ImageReaderSpi provider, Optional<WebPReadParam> parameters) {
        this.provider = provider;
        this.parameters = parameters;
    }

    /** The decoder of this machine. */
    static LossyWebp shared() {
        return SHARED;
    }

    /**
     * @param file with the pixels' chunk alone
     * @throws IOException if it is broken
     */
    BufferedImage read(byte[] file) throws IOException {
        return parameters.isPresent() ? read(file, parameters.get()) : ImageFormat.WEBP.read(file);
    }

    private BufferedImage read(byte[] file, WebPReadParam with) throws IOException {
        ImageReader reader = provider.createReaderInstance(null);
        try (BytesInput input = new BytesInput(file)) {
            reader.setInput(input, true, true);
            return reader.read(0, with);
        } finally {
            reader.dispose();
        }
    }

    /** Tries the native library once: its own loader only prints what went wrong. */
    static LossyWebp load(ImageReaderSpi provider) {
        try {
            LossyWebp decoder = new LossyWebp(provider, Optional.of(new WebPReadParam()));
            decoder.read(PROBE);
            return decoder;
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.warn(
                    "libwebp does not load here ({}): lossy WebP images are decoded in Java, up to 102 of 255 steps from the reference at a pixel",
                    e.toString());
            return new LossyWebp(provider, Optional.empty());
        }
    }
}
