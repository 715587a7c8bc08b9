package io.sightmill.flink;

import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Image files below allowed directories of this machine; no link leads out. Thread-safe. */
final class LocalImages {

    private final List<String> directories;
    private final int maxImageBytes;

    /**
     * @param directories absolute paths
     */
    LocalImages(List<String> directories, int maxImageBytes) {
        this.directories = List.copyOf(directories);
        this.maxImageBytes = maxImageBytes;
    }

    /**
     * @param uri with the scheme file
     * @return at most one byte more than an image may have
     * @throws RequestRejectedException if it is not allowed, not there or too large
     */
    byte[] read(URI uri) throws RequestRejectedException {
        Path file = locate(uri);
        try (InputStream stream = Files.newInputStream(file)) {
            // One byte more than allowed tells "too large" without trusting the file's size.
            byte[] bytes = stream.readNBytes(maxImageBytes + 1);
            if (bytes.length > maxImageBytes) {
                throw ImageRejections.tooLarge(Files.size(file), maxImageBytes);
            }
            return bytes;
        } catch (IOException exception) {
            throw ImageRejections.unavailable(uri, exception);
        }
    }

    /** The real file behind a URI, symbolic links resolved, below an allowed directory. */
    private Path locate(URI uri) throws RequestRejectedException {
        Path path = parse(uri);
        if (directories.isEmpty()) {
            throw ImageRejections.notAllowed(
                    uri.toString(), "no directory is allowed here; set allowed-directories");
        }
        try {
            // Checked by name first, so that a path outside is not even looked at.
            requireAllowed(path.normalize(), uri);
            Path real = path.toRealPath();
            requireAllowedReally(real, uri);
            if (!Files.isRegularFile(real)) {
                throw ImageRejections.of(
                        Reason.IMAGE_UNAVAILABLE,
                        "image " + ImageRejections.shown(uri) + " is not a regular file");
            }
            return real;
        } catch (IOException exception) {
            throw ImageRejections.unavailable(uri, exception);
        }
    }

    private static Path parse(URI uri) throws RequestRejectedException {
        String host = uri.getHost();
        boolean local = host == null || host.isEmpty();
        if (!local || uri.getPath() == null || !uri.getPath().startsWith("/")) {
            throw ImageRejections.notAllowed(uri.toString(), "a file's URI begins with file:///");
        }
        try {
            return FileSystems.getDefault().getPath(uri.getPath());
        } catch (InvalidPathException exception) {
            throw ImageRejections.notAllowed(uri.toString(), "it is no valid path");
        }
    }

    private void requireAllowed(Path path, URI uri) throws RequestRejectedException, IOException {
        for (String directory : directories) {
            if (path.startsWith(directory) || path.startsWith(realOrSame(directory))) {
                return;
            }
        }
        throw ImageRejections.notAllowed(uri.toString(), "it lies outside the allowed directories");
    }

    private void requireAllowedReally(Path real, URI uri)
            throws RequestRejectedException, IOException {
        for (String directory : directories) {
            if (real.startsWith(realOrSame(directory))) {
                return;
            }
        }
        throw ImageRejections.notAllowed(
                uri.toString(), "it leads outside the allowed directories");
    }

    private static Path realOrSame(String directory) throws IOException {
        Path path = Path.of(directory);
        return Files.exists(path) ? path.toRealPath() : path.normalize();
    }
}
