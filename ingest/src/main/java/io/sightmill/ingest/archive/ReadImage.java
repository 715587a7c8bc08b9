package io.sightmill.ingest.archive;

import io.sightmill.schema.Rejection;
import io.sightmill.schema.VisionRequest;

/** What reading a file gave: a request to publish, or the rejection that says why there is none. */
public sealed interface ReadImage {

    /** The same for the same file and question, also in another run. */
    String requestId();

    /** The file was read. */
    record Requested(VisionRequest request) implements ReadImage {
        @Override
        public String requestId() {
            return request.getRequestId();
        }
    }

    /** The file could not be read. */
    record Rejected(Rejection rejection) implements ReadImage {
        @Override
        public String requestId() {
            return rejection.getRequestId();
        }
    }
}
