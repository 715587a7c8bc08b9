package io.sightmill.ingest.claim;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Opens a claim check by where its store is. */
public final class ClaimChecks {

    private ClaimChecks() {}

    /**
     * @param store a path, a {@code file:} URI, or {@code s3://bucket/prefix}
     * @param inlineBytes largest image that stays in its request
     * @param endpoint of another service than Amazon's
     * @param region of the bucket
     * @throws IOException if the directory cannot be created
     * @throws IllegalArgumentException if the store is none of these
     */
    public static ClaimCheck open(
            String store,
            int inlineBytes,
            Optional<URI> endpoint,
            String region,
            InstantSource clock)
            throws IOException {
        if (store.startsWith("s3://")) {
            S3Location location = S3Location.of(URI.create(store));
            return new ClaimCheck(
                    S3ImageStore.open(location, endpoint, region, clock), inlineBytes);
        }
        if (store.contains(":") && !store.startsWith("file:")) {
            throw new IllegalArgumentException("it must be a directory or s3://bucket/prefix");
        }
        Path root = store.startsWith("file:") ? Path.of(URI.create(store)) : Path.of(store);
        return new ClaimCheck(new DirectoryImageStore(root, clock), inlineBytes);
    }
}
