package io.sightmill.llava;

import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Stage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Image files to pixels. Takes hostile bytes: what a decoder does not survive costs the request
 * alone. Thread-safe.
 */
final class ImageDecoder {

    /** Longest side in pixels; no format but PNG and BMP can state more. */
    private static final int MOST_SIDE = 65_535;

    private final ImageLimits limits;

    ImageDecoder(ImageLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes a JPEG, PNG, GIF (first frame), BMP or WebP file.
     *
     * @throws RequestRejectedException EMPTY_IMAGE, TOO_LARGE, UNSUPPORTED_FORMAT, TOO_MANY_PIXELS
     *     or CORRUPT_IMAGE
     */
    RgbRows decode(byte[] file) throws RequestRejectedException {
        if (file.length == 0) {
            throw rejected(Reason.EMPTY_IMAGE, "the image has no bytes");
        }
        if (file.length > limits.maxEncodedBytes()) {
            throw rejected(
                    Reason.TOO_LARGE,
                    "the image has %d bytes; at most %d are allowed"
                            .formatted(file.length, limits.maxEncodedBytes()));
        }
        ImageFormat format =
                ImageFormat.of(file)
                        .orElseThrow(
                                () ->
                                        rejected(
                                                Reason.UNSUPPORTED_FORMAT,
                                                "the file does not begin like a JPEG, PNG, GIF, BMP"
                                                        + " or WebP image"));
        try {
            return decode(format, file);
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // Decoders throw about anything on bytes made to break them.
            throw new RequestRejectedException(
                    Stage.PREPROCESS,
                    Reason.CORRUPT_IMAGE,
                    "the %s image cannot be decoded: %s".formatted(format, describe(e)),
                    e);
        }
    }

    private RgbRows decode(ImageFormat format, byte[] file)
            throws IOException, RequestRejectedException {
        ImageReader reader = format.createReader();
        Warnings warnings = new Warnings();
        try (MemoryCacheImageInputStream input =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            // Metadata is ignored: a compressed comment may unpack to gigabytes.
            reader.setInput(input, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            requireSize(format, width, height);
            String fault = ImageContainer.findFault(format, file, width, height);
            if (fault != null) {
                throw rejected(Reason.CORRUPT_IMAGE, "the %s image %s".formatted(format, fault));
            }
            reader.addIIOReadWarningListener(warnings);
            BufferedImage image = reader.read(0);
            warnings.requireWhole(format);
            return new RasterRows(image);
        } finally {
            reader.dispose();
        }
    }

    private void requireSize(ImageFormat format, int width, int height)
            throws RequestRejectedException {
        if (width < 1 || height < 1) {
            throw rejected(
                    Reason.CORRUPT_IMAGE,
                    "the %s header states %d x %d pixels".formatted(format, width, height));
        }
        if (Math.max(width, height) > MOST_SIDE || (long) width * height > limits.maxPixels()) {
            throw rejected(
                    Reason.TOO_MANY_PIXELS,
                    "the %s header states %d x %d pixels; at most %d pixels and %d a side are allowed"
                            .formatted(format, width, height, limits.maxPixels(), MOST_SIDE));
        }
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    static RequestRejectedException rejected(Reason reason, String message) {
        return new RequestRejectedException(Stage.PREPROCESS, reason, message);
    }

    /** Keeps the first warning that tells of missing data. */
    private static final class Warnings implements IIOReadWarningListener {

        private String truncation;

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            String lower = warning == null ? "" : warning.toLowerCase(Locale.ROOT);
            boolean tellsOfTruncation = lower.contains("premature end of") || lower.contains("eof");
            if (truncation == null && tellsOfTruncation) {
                truncation = warning;
            }
        }

        void requireWhole(ImageFormat format) throws RequestRejectedException {
            if (truncation != null) {
                throw rejected(
                        Reason.CORRUPT_IMAGE,
                        "the %s image is cut short: %s".formatted(format, truncation));
            }
        }
    }
}
