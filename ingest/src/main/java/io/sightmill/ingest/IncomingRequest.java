package io.sightmill.ingest;

import io.sightmill.schema.Origin;
import io.sightmill.schema.VisionRequest;

/**
 * A request on its way through ingest, with what a rejection says about where it came from.
 *
 * @param payload the record's value as it was read; never changed
 */
record IncomingRequest(VisionRequest request, byte[] payload, Origin origin) {

    IncomingRequest with(VisionRequest changed) {
        return new IncomingRequest(changed, payload, origin);
    }
}
