package io.sightmill.local.deployment;

import io.sightmill.ingest.claim.ClaimCheck;
import io.sightmill.ingest.claim.DirectoryImageStore;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the embedded deployment keeps large images while they wait, so that neither the broker nor
 * each checkpoint writes them again.
 */
public final class LocalImageStore {

    private static final Logger LOG = LoggerFactory.getLogger(LocalImageStore.class);

    /** Larger than a reference pays for; smaller than what a camera writes. */
    private static final int INLINE_BYTES = 64 << 10;

    private final DirectoryImageStore directory;
    private final ClaimCheck claims;

    private LocalImageStore(DirectoryImageStore directory) {
        this.directory = directory;
        this.claims = new ClaimCheck(directory, INLINE_BYTES);
    }

    /**
     * Opens the store and deletes what dead runs left.
     *
     * @param memory how long a request may wait
     * @throws DataDirectoryException if the directory cannot be used
     */
    static LocalImageStore in(Path root, Duration memory) {
        try {
            DirectoryImageStore directory = new DirectoryImageStore(root, InstantSource.system());
            int expired = directory.deleteOlderThan(memory);
            LOG.info("{} images in {} had expired", expired, root);
            return new LocalImageStore(directory);
        } catch (IOException exception) {
            throw new DataDirectoryException(
                    "cannot use " + root + "; choose another --data", exception);
        }
    }

    /**
     * Stores the large images of a request.
     *
     * @throws UncheckedIOException if the disk does not take them
     */
    public ClaimCheck.Checked check(VisionRequest request) {
        try {
            return claims.check(request);
        } catch (IOException exception) {
            throw new UncheckedIOException(
                    "cannot store an image: " + exception.getMessage(), exception);
        }
    }

    /** Deletes an image that nobody waits for; one that stays expires. */
    public void delete(URI image) {
        try {
            directory.delete(image);
        } catch (IOException exception) {
            LOG.warn("cannot delete {}; it stays until it expires", image, exception);
        }
    }
}
