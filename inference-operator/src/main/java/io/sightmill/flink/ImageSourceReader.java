package io.sightmill.flink;

import io.sightmill.engine.ImageInput;
import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.schema.ImageSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

/**
 * The bytes of an image: inline, or from below an allowed directory or bucket. Bounded before
 * anything is read, verified against the SHA-256 the request gives. Thread-safe.
 */
final class ImageSourceReader {

    private final int maxImageBytes;
    private final LocalImages files;
    private final StoredImages stored;

    ImageSourceReader(OperatorOptions options) {
        this.maxImageBytes = options.maxImageBytes();
        Predicate<String> isPath = directory -> directory.startsWith("/");
        List<String> allowed = options.allowedDirectories();
        this.files = new LocalImages(allowed.stream().filter(isPath).toList(), maxImageBytes);
        this.stored =
                new StoredImages(
                        allowed.stream().filter(isPath.negate()).map(URI::create).toList(),
                        maxImageBytes,
                        options.imageTimeout());
    }

    /**
     * @throws IllegalArgumentException if a directory is allowed that nothing here can read
     */
    void requireFileSystems() {
        stored.requireFileSystems();
    }

    /**
     * @param source with exactly one of content and uri
     * @throws RequestRejectedException if there are no bytes to be had, too many, or others than
     *     the request says
     */
    ImageInput read(ImageSource source) throws RequestRejectedException {
        byte[] content =
                source.getContent() != null ? inline(source.getContent()) : referred(source);
        if (content.length == 0) {
            throw ImageRejections.of(
                    Reason.EMPTY_IMAGE, "the image has no bytes; send the whole file");
        }
        String sha256 = Digest.of(content);
        if (source.getSha256() != null && !source.getSha256().equals(sha256)) {
            throw ImageRejections.of(
                    Reason.CHECKSUM_MISMATCH,
                    "the image has SHA-256 %s and the request says %s; the file changed or the digest is wrong"
                            .formatted(sha256, source.getSha256()));
        }
        return new ImageInput(content, sha256);
    }

    private byte[] inline(ByteBuffer buffer) throws RequestRejectedException {
        if (buffer.remaining() > maxImageBytes) {
            throw ImageRejections.tooLarge(buffer.remaining(), maxImageBytes);
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private byte[] referred(ImageSource source) throws RequestRejectedException {
        URI uri = parse(source.getUri());
        if ("file".equalsIgnoreCase(uri.getScheme())) {
            return files.read(uri);
        }
        if (source.getSha256() == null) {
            // What lies there may change between two attempts, and the answer with it.
            throw ImageRejections.of(
                    Reason.IMAGE_SOURCE,
                    "image " + ImageRejections.shown(uri) + " comes without sha256; give it");
        }
        return stored.read(uri);
    }

    private static URI parse(String uri) throws RequestRejectedException {
        try {
            URI parsed = new URI(uri);
            if (parsed.getScheme() != null) {
                return parsed;
            }
        } catch (URISyntaxException exception) {
            throw ImageRejections.notAllowed(uri, "it is no valid URI");
        }
        throw ImageRejections.notAllowed(uri, "it has no scheme, such as file: or s3:");
    }
}
