package io.sightmill.ingest;

import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Reason;
import java.util.regex.Pattern;

/** Says what is wrong with an image source; its bytes are judged by preprocess. Thread-safe. */
final class ImageValidator {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MOST_MEDIA_TYPE_CHARACTERS = 256;

    private final IngestLimits limits;

    ImageValidator(IngestLimits limits) {
        this.limits = limits;
    }

    void check(ImageSource image, String where) throws InvalidRequestException {
        checkSource(image, where);
        if (image.getContent() != null) {
            checkContent(image.getContent().remaining(), where);
        } else {
            checkUri(image.getUri(), where);
        }
        checkHints(image, where);
    }

    private static void checkSource(ImageSource image, String where)
            throws InvalidRequestException {
        boolean hasContent = image.getContent() != null;
        boolean hasUri = image.getUri() != null;
        if (hasContent == hasUri) {
            throw new InvalidRequestException(
                    Reason.IMAGE_SOURCE,
                    where
                            + " has "
                            + (hasContent ? "both content and uri" : "neither content nor uri")
                            + "; set exactly one");
        }
    }

    private void checkContent(int bytes, String where) throws InvalidRequestException {
        if (bytes == 0) {
            throw new InvalidRequestException(
                    Reason.EMPTY_IMAGE, where + " has no bytes; send the encoded image file");
        }
        if (bytes > limits.maxImageBytes()) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    where
                            + " has "
                            + bytes
                            + " bytes and may have "
                            + limits.maxImageBytes()
                            + "; send a smaller file or a uri");
        }
    }

    private void checkUri(String uri, String where) throws InvalidRequestException {
        if (uri.isBlank()) {
            throw new InvalidRequestException(
                    Reason.IMAGE_SOURCE, where + " has a blank uri; say where its bytes lie");
        }
        if (uri.length() > limits.maxUriCharacters()) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    where
                            + " has a uri of "
                            + uri.length()
                            + " characters and may have "
                            + limits.maxUriCharacters());
        }
    }

    private static void checkHints(ImageSource image, String where) throws InvalidRequestException {
        String sha256 = image.getSha256();
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            throw new InvalidRequestException(
                    Reason.IMAGE_SOURCE,
                    where
                            + " has the sha256 "
                            + Quoted.of(sha256)
                            + "; it must be null or 64 lower-case hexadecimal digits");
        }
        String mediaType = image.getMediaType();
        if (mediaType != null && mediaType.length() > MOST_MEDIA_TYPE_CHARACTERS) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    where + " has a mediaType of " + mediaType.length() + " characters");
        }
    }
}
