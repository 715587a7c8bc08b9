package io.sightmill.llava;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;

/**
 * The image formats that are read, told apart by their first bytes and never by a name.
 *
 * <p>Readers are created from a registry of this class's own: the JVM's is shared between jobs, and
 * in it a plugin from a job's class loader would outlive the job.
 */
enum ImageFormat {
    JPEG(JPEGImageReaderSpi.class.getName()) {
        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 0xFF, 0xD8, 0xFF);
        }
    },
    PNG("com.sun.imageio.plugins.png.PNGImageReaderSpi") {
        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
        }
    },
    GIF("com.sun.imageio.plugins.gif.GIFImageReaderSpi") {
        @Override
        boolean matches(byte[] file) {
            return startsWith(file, 0, 'G', 'I', 'F', '8');
        }
    },
    BMP("com.sun.imageio.plugins.bmp.BMPImageReaderSpi") {
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
        boolean matches(byte[] file) {
            return startsWith(file, 0, 'R', 'I', 'F', 'F')
                    && startsWith(file, 8, 'W', 'E', 'B', 'P');
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

    /** The format of a file, if it is one of these. */
    static Optional<ImageFormat> of(byte[] file) {
        return Arrays.stream(values()).filter(format -> format.matches(file)).findFirst();
    }

    /** A new reader; the caller disposes of it. */
    ImageReader createReader() throws IOException {
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
        registry.registerServiceProvider(new JPEGImageReaderSpi(), ImageReaderSpi.class);
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
