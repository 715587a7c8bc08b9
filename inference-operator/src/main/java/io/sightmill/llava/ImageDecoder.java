package io.sightmill.llava;

import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Stage;
import java.io.IOException;

/**
 * Image files to pixels. Takes hostile bytes: what a decoder does not survive costs the request
 * alone. Thread-safe.
 */
final class ImageDecoder {

    /** Longest side in pixels; no format but PNG, BMP and TIFF can state more. */
    private static final int MOST_SIDE = 65_535;

    /** Decoded bytes that any file may state. */
    private static final long FREE_BYTES = 16 << 20;

    /** And further ones for each of its own; deflate, the densest that counts, has 1032. */
    private static final long MOST_EXPANSION = 1_100;

    private final ImageReading reading;
    private final ImageLimits limits;

    /** As the reference does. */
    ImageDecoder(ImageLimits limits) {
        this(ImageReading.asReference(limits));
    }

    ImageDecoder(ImageReading reading) {
        this.reading = reading;
        this.limits = reading.limits();
    }

    /**
     * Decodes a JPEG, PNG, GIF (first frame), BMP, WebP (first frame) or TIFF (first image) file.
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
                                                "the file does not begin like a JPEG, PNG, GIF, BMP,"
                                                        + " WebP or TIFF image"));
        try {
            return decode(format, file);
        } catch (IOException
                | RuntimeException
                | OutOfMemoryError
                | StackOverflowError
                | AssertionError e) {
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
        ImageFile image = format.open(file);
        requireSize(format, image, file.length);
        RgbRows rows = image.decode(reading);
        if (rows.width() != image.width() || rows.height() != image.height()) {
            throw new IOException(
                    "its header states %d x %d pixels and it has %d x %d"
                            .formatted(image.width(), image.height(), rows.width(), rows.height()));
        }
        // The reference turns TIFF files as they ask, and no others.
        boolean turns = reading.appliesOrientation() || format == ImageFormat.TIFF;
        return turns ? image.orientation().upright(rows) : rows;
    }

    private void requireSize(ImageFormat format, ImageFile image, int fileBytes)
            throws RequestRejectedException {
        int width = image.width();
        int height = image.height();
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
        long decoded = (long) width * height * image.bitsPerPixel() / 8;
        if (decoded > FREE_BYTES + MOST_EXPANSION * fileBytes) {
            throw rejected(
                    Reason.TOO_MANY_PIXELS,
                    "the %s header states %d x %d pixels, which %d bytes cannot hold"
                            .formatted(format, width, height, fileBytes));
        }
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    static RequestRejectedException rejected(Reason reason, String message) {
        return new RequestRejectedException(Stage.PREPROCESS, reason, message);
    }
}
