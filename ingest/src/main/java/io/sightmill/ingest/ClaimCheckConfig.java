package io.sightmill.ingest;

import static io.sightmill.ingest.Settings.require;

import io.sightmill.ingest.claim.ClaimCheck;
import io.sightmill.ingest.claim.ClaimChecks;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether large images leave their requests; configuration keys {@code claim.check.*}.
 *
 * @param store {@code claim.check.store}: a directory or {@code s3://bucket/prefix}; none, and
 *     every image stays in its request
 * @param inlineBytes {@code claim.check.bytes}: largest image that stays
 * @param endpoint {@code claim.check.s3.endpoint}: of another service than Amazon's
 * @param region {@code claim.check.s3.region}
 */
public record ClaimCheckConfig(
        Optional<String> store, int inlineBytes, Optional<URI> endpoint, String region) {

    private static final int DEFAULT_INLINE_BYTES = 64 << 10;

    public ClaimCheckConfig {
        require(inlineBytes >= 0, "claim.check.bytes", inlineBytes, "0 or more");
        store.ifPresent(
                where -> require(!where.isBlank(), "claim.check.store", where, "a place or unset"));
        require(!region.isBlank(), "claim.check.s3.region", region, "set");
    }

    static ClaimCheckConfig from(Settings settings) {
        return new ClaimCheckConfig(
                Optional.ofNullable(settings.text("claim.check.store", null)),
                settings.integer("claim.check.bytes", DEFAULT_INLINE_BYTES),
                Optional.ofNullable(settings.text("claim.check.s3.endpoint", null))
                        .map(URI::create),
                settings.text("claim.check.s3.region", "us-east-1"));
    }

    /**
     * Opens the store.
     *
     * @throws IngestStartException if it cannot be used
     */
    Optional<ClaimCheck> open(InstantSource clock) {
        if (store.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ClaimChecks.open(store.get(), inlineBytes, endpoint, region, clock));
        } catch (IOException | IllegalArgumentException exception) {
            throw new IngestStartException(
                    "claim.check.store is '"
                            + store.get()
                            + "' and cannot be used: "
                            + exception.getMessage(),
                    exception);
        }
    }
}
