package io.sightmill.ingest;

import io.sightmill.schema.Reason;

/** A request that cannot be let through, through its own fault; costs only that request. */
final class InvalidRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * @param message one sentence for a person: what, where, and what to do
     */
    InvalidRequestException(Reason reason, String message) {
        // No stack trace: a flood of bad requests must not cost more than good ones.
        super(message, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
