package io.sightmill.flink;

import io.sightmill.engine.RequestRejectedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Images in object storage, through the file systems Flink has plugins for, below allowed prefixes.
 * An outage of the storage is waited out for a while: it is not the record's fault. Thread-safe.
 */
final class StoredImages {

    /** Nothing that another part of the way could read in another way: no escapes, no dots. */
    private static final Pattern PLAIN_PATH =
            Pattern.compile("(/[A-Za-z0-9_=+@-][A-Za-z0-9._=+@-]*)+");

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final List<URI> prefixes;
    private final int maxImageBytes;
    private final Duration patience;

    /**
     * @param prefixes scheme, authority and path
     * @param patience how long an image that cannot be read is tried again
     */
    StoredImages(List<URI> prefixes, int maxImageBytes, Duration patience) {
        this.prefixes = List.copyOf(prefixes);
        this.maxImageBytes = maxImageBytes;
        this.patience = patience;
    }

    /**
     * Fails early where the configuration asks for a file system that is not there.
     *
     * @throws IllegalArgumentException naming the prefix and what is missing
     */
    void requireFileSystems() {
        for (URI prefix : prefixes) {
            try {
                FileSystem.get(prefix);
            } catch (IOException exception) {
                throw new IllegalArgumentException(
                        "allowed-directories has %s, and Flink has no file system for it; put its plugin into the plugins directory: %s"
                                .formatted(prefix, exception.getMessage()),
                        exception);
            }
        }
    }

    /**
     * @throws RequestRejectedException if it is not allowed, not there, too large, or the storage
     *     does not give it for as long as it is tried
     */
    byte[] read(URI uri) throws RequestRejectedException {
        requireAllowed(uri);
        long end = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return readOnce(new Path(uri));
            } catch (FileNotFoundException missing) {
                throw ImageRejections.unavailable(uri, missing);
            } catch (IOException exception) {
                if (System.nanoTime() + pause.toNanos() >= end) {
                    throw ImageRejections.unavailable(uri, exception);
                }
            }
            pause(pause, uri);
            pause =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                            ? pause.multipliedBy(2)
                            : LONGEST_PAUSE;
        }
    }

    private byte[] readOnce(Path path) throws IOException, RequestRejectedException {
        FileSystem storage = path.getFileSystem();
        long length = storage.getFileStatus(path).getLen();
        if (length > maxImageBytes) {
            throw ImageRejections.tooLarge(length, maxImageBytes);
        }
        try (InputStream stream = storage.open(path)) {
            return stream.readNBytes(maxImageBytes + 1);
        }
    }

    private static void pause(Duration pause, URI uri) throws RequestRejectedException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw ImageRejections.unavailable(uri, new IOException(exception));
        }
    }

    private void requireAllowed(URI uri) throws RequestRejectedException {
        boolean isPlain =
                uri.getRawUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && uri.getRawPath() != null
                        && PLAIN_PATH.matcher(uri.getRawPath()).matches();
        if (!isPlain || prefixes.stream().noneMatch(prefix -> isBelow(uri, prefix))) {
            throw ImageRejections.notAllowed(
                    uri.toString(), "it lies outside the allowed directories");
        }
    }

    private static boolean isBelow(URI uri, URI prefix) {
        String folder =
                prefix.getRawPath().endsWith("/") ? prefix.getRawPath() : prefix.getRawPath() + "/";
        return prefix.getScheme().equalsIgnoreCase(uri.getScheme())
                && String.valueOf(prefix.getRawAuthority())
                        .equals(String.valueOf(uri.getRawAuthority()))
                && uri.getRawPath().startsWith(folder);
    }
}
