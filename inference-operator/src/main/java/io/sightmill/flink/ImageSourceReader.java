package io.sightmill.flink;

import io.sightmill.engine.ImageInput;
import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Stage;
import io.sightmill.schema.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The bytes of an image: inline, or from a file below an allowed directory. Bounded before anything
 * is read, verified against the SHA-256 the request gives. Thread-safe.
 */
final class ImageSourceReader {

    private final int maxImageBytes;
    private final List<String> allowedDirectories;

    ImageSourceReader(OperatorOptions options) {
        this.maxImageBytes = options.maxImageBytes();
        this.allowedDirectories = options.allowedDirectories();
    }

    /**
     * @param source with exactly one of content and uri
     * @throws RequestRejectedException if there are no bytes to be had, too many, or others than
     *     the request says
     */
    ImageInput read(ImageSource source) throws RequestRejectedException {
        byte[] content =
                source.getContent() != null
                        ? inline(source.getContent())
                        : file(locate(source.getUri()), source.getUri());
        if (content.length == 0) {
            throw rejected(Reason.EMPTY_IMAGE, "the image has no bytes; send the whole file");
        }
        String sha256 = Digest.of(content);
        if (source.getSha256() != null && !source.getSha256().equals(sha256)) {
            throw rejected(
                    Reason.CHECKSUM_MISMATCH,
                    "the image has SHA-256 %s and the request says %s; the file changed or the digest is wrong"
                            .formatted(sha256, source.getSha256()));
        }
        return new ImageInput(content, sha256);
    }

    private byte[] inline(ByteBuffer buffer) throws RequestRejectedException {
        if (buffer.remaining() > maxImageBytes) {
            throw tooLarge(buffer.remaining());
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private byte[] file(Path file, String uri) throws RequestRejectedException {
        try (InputStream stream = Files.newInputStream(file)) {
            // One byte more than allowed tells "too large" without trusting the file's size.
            byte[] bytes = stream.readNBytes(maxImageBytes + 1);
            if (bytes.length > maxImageBytes) {
                throw tooLarge(Files.size(file));
            }
            return bytes;
        } catch (IOException exception) {
            throw unavailable(uri, exception);
        }
    }

    /** The real file behind a URI, symbolic links resolved, below an allowed directory. */
    private Path locate(String uri) throws RequestRejectedException {
        Path path = parse(uri);
        if (allowedDirectories.isEmpty()) {
            throw notAllowed(uri, "no directory is allowed here; set allowed-directories");
        }
        try {
            // Checked by name first, so that a path outside is not even looked at.
            requireAllowed(path.normalize(), uri);
            Path real = path.toRealPath();
            requireAllowedReally(real, uri);
            if (!Files.isRegularFile(real)) {
                throw rejected(
                        Reason.IMAGE_UNAVAILABLE, "image " + shown(uri) + " is not a regular file");
            }
            return real;
        } catch (IOException exception) {
            throw unavailable(uri, exception);
        }
    }

    private static Path parse(String uri) throws RequestRejectedException {
        try {
            URI parsed = new URI(uri);
            String host = parsed.getHost();
            boolean local = host == null || host.isEmpty();
            if (!"file".equalsIgnoreCase(parsed.getScheme())
                    || !local
                    || parsed.getPath() == null
                    || !parsed.getPath().startsWith("/")) {
                throw notAllowed(uri, "only file:/// URIs are read here");
            }
            return FileSystems.getDefault().getPath(parsed.getPath());
        } catch (URISyntaxException | InvalidPathException exception) {
            throw notAllowed(uri, "it is no valid URI");
        }
    }

    private void requireAllowed(Path path, String uri)
            throws RequestRejectedException, IOException {
        for (String directory : allowedDirectories) {
            if (path.startsWith(directory) || path.startsWith(realOrSame(directory))) {
                return;
            }
        }
        throw notAllowed(uri, "it lies outside the allowed directories");
    }

    private void requireAllowedReally(Path real, String uri)
            throws RequestRejectedException, IOException {
        for (String directory : allowedDirectories) {
            if (real.startsWith(realOrSame(directory))) {
                return;
            }
        }
        throw notAllowed(uri, "it leads outside the allowed directories");
    }

    private static Path realOrSame(String directory) throws IOException {
        Path path = Path.of(directory);
        return Files.exists(path) ? path.toRealPath() : path.normalize();
    }

    private RequestRejectedException tooLarge(long bytes) {
        return rejected(
                Reason.TOO_LARGE,
                "the image has %d bytes and the limit is %d; make it smaller or raise max-image-bytes"
                        .formatted(bytes, maxImageBytes));
    }

    private static RequestRejectedException notAllowed(String uri, String why) {
        return rejected(Reason.SOURCE_NOT_ALLOWED, "image " + shown(uri) + " is not read: " + why);
    }

    private static RequestRejectedException unavailable(String uri, IOException cause) {
        return new RequestRejectedException(
                Stage.PREPROCESS,
                Reason.IMAGE_UNAVAILABLE,
                "image " + shown(uri) + " cannot be read: " + cause.getClass().getSimpleName(),
                cause);
    }

    private static RequestRejectedException rejected(Reason reason, String message) {
        return new RequestRejectedException(Stage.PREPROCESS, reason, message);
    }

    private static String shown(String uri) {
        return uri.length() <= 200 ? uri : uri.substring(0, 200) + "...";
    }
}
