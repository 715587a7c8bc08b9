package io.sightmill.ingest;

import io.sightmill.ingest.claim.ClaimCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Fifth of ingest: large images go to the store, their references on. A store that does not take
 * them ends the application; the request is read again by the next one, and what is stored is
 * stored under the same name.
 */
final class StoreImages extends RequestStep {

    private final Optional<ClaimCheck> claims;

    StoreImages(Optional<ClaimCheck> claims, Rejections rejections) {
        super(rejections);
        this.claims = claims;
    }

    @Override
    void step(Record<String, IncomingRequest> record) {
        context().forward(claims.isEmpty() ? record : check(record), IngestTopology.ROUTE);
    }

    private Record<String, IncomingRequest> check(Record<String, IncomingRequest> record) {
        IncomingRequest incoming = record.value();
        try {
            return record.withValue(
                    incoming.with(claims.get().check(incoming.request()).request()));
        } catch (IOException exception) {
            throw new UncheckedIOException(
                    "images of request " + record.key() + " cannot be stored", exception);
        }
    }
}
