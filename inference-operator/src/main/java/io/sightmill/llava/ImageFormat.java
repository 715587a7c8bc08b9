package io.sightmill.llava;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.ImageInputStream;

/**
 * The image formats that are read, told apart by their first bytes and never by a name.
 *
 * <p>Readers are created from a registry of this class's own: the JVM's is shared between jobs, and
 * in it a plugin from a job's class loader would outlive the job.
 */
enum ImageFormat {
    JPEG("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi") {
        @Override
        ImageFile open(byte[] file) throws IOException {
            return new JpegFile(file);
        }

        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 0xFF, 0xD8, 0xFF);
        }
    },
    PNG("com.sun.imageio.plugins.png.PNGImageReaderSpi") {
        @Override
        ImageFile open(byte[] file) throws IOException {
            return new PngFile(file);
        }

        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
        }
    },
    GIF("com.sun.imageio.plugins.gif.GIFImageReaderSpi") {
        @Override
        ImageFile open(byte[] file) throws IOException {
            return new GifFile(file);
        }

        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 'G', 'I', 'F', '8');
        }
    },
    BMP("com.sun.imageio.plugins.bmp.BMPImageReaderSpi") {
        @Override
        ImageFile open(byte[] file) throws IOException {
            return new BmpFile(file);
        }

        @Override
        boolean matches(byte[] file) {
            // Two letters are little to go by: the header that follows has one of few lengths.
            return startsWith(file, 0, 'B', 'M')
                    && file.length > 17
                    && BMP_HEADER_LENGTHS.contains((int) file[14])
                    && startsWith(file, 15, 0, 0, 0);
        }
    },
    WEBP(WebPImageReaderSpi.class.getName()) {
        @Override
        ImageFile open(byte[] file) throws IOException {
            return new WebpFile(file);
        }

        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 'R', 'I', 'F', 'F')
                    && startsWith(file, 8, 'W', 'E', 'B', 'P');
        }
    },
    TIFF(TIFFImageReaderSpi.class.getName()) {
        @Override
        ImageFile open(byte[] file) throws IOException {
            return new TiffFile(file);
        }

        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 'I', 'I', 42, 0) || startsWith(file, 0, 'M', 'M', 0, 42);
        }
    };

    private static final List<Integer> BMP_HEADER_LENGTHS =
            List.of(12, 16, 40, 52, 56, 64, 108, 124);
    private static final ServiceRegistry READERS = registerReaders();

    private final String provider;

    ImageFormat(String provider) {
        this.provider = provider;
    }

    abstract boolean matches(byte[] file);

    /**
     * Reads a file's header.
     *
     * @throws IOException in words that follow "the image" if it is not whole
     */
    abstract ImageFile open(byte[] file) throws IOException;

    /** The format of a file, if it is one of these. */
    static Optional<ImageFormat> of(byte[] file) {
        return Arrays.stream(values()).filter(format -> format.matches(file)).findFirst();
    }

    /** The first image of a file, in the colour model it is stored in where that is known. */
    BufferedImage read(byte[] file) throws IOException {
        return read(file, reader -> reader.read(0));
    }

    /** The first image's samples as they are stored. */
    Raster readSamples(byte[] file) throws IOException {
        return read(file, reader -> reader.readRaster(0, null));
    }

    /** What to ask of a reader that is ready. */
    interface Reading<T> {

        T from(ImageReader reader) throws IOException;
    }

    private <T> T read(byte[] file, Reading<T> reading) throws IOException {
        return read(new BytesInput(file), reading);
    }

    /**
     * Asks a new reader; the stream is closed afterwards.
     *
     * @throws IOException if it warns that data is missing: decoders paint the rest grey
     */
    <T> T read(ImageInputStream stream, Reading<T> reading) throws IOException {
        ImageReader reader = createReader();
        Truncation truncation = new Truncation();
        try (stream) {
            // Metadata is ignored: a compressed comment may unpack to gigabytes.
            reader.setInput(stream, true, true);
            reader.addIIOReadWarningListener(truncation);
            T result = reading.from(reader);
            truncation.requireNone();
            return result;
        } finally {
            reader.dispose();
        }
    }

    /** Keeps the first warning that tells of missing data. */
    private static final class Truncation implements IIOReadWarningListener {

        private String warning;

        @Override
        public void warningOccurred(ImageReader source, String text) {
            String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
            if (warning == null && (lower.contains("premature end of") || lower.contains("eof"))) {
                warning = text;
            }
        }

        void requireNone() throws IOException {
            if (warning != null) {
                throw new IOException("is cut short: " + warning);
            }
        }
    }

    private ImageReader createReader() throws IOException {
        Iterator<ImageReaderSpi> providers =
                READERS.getServiceProviders(ImageReaderSpi.class, false);
        while (providers.hasNext()) {
            ImageReaderSpi candidate = providers.next();
            if (candidate.getClass().getName().equals(provider)) {
                return candidate.createReaderInstance();
            }
        }
        throw new IllegalStateException("this Java runtime has no reader " + provider);
    }

    private static ServiceRegistry registerReaders() {
        List<Class<?>> category = List.of(ImageReaderSpi.class);
        ServiceRegistry registry = new ServiceRegistry(category.iterator());
        IIORegistry.getDefaultInstance()
                .getServiceProviders(ImageReaderSpi.class, false)
                .forEachRemaining(
                        found -> {
                            if (found.getClass().getName().startsWith("com.sun.imageio.")) {
                                registry.registerServiceProvider(found, ImageReaderSpi.class);
                            }
                        });
        registry.registerServiceProvider(new TIFFImageReaderSpi(), ImageReaderSpi.class);
        registry.registerServiceProvider(new WebPImageReaderSpi(), ImageReaderSpi.class);
        return registry;
    }

    private static boolean startsWith(byte[] file, int offset, int... expected) {
        if (file.length < offset + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((file[offset + i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
