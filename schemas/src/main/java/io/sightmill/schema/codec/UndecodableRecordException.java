package io.sightmill.schema.codec;

/**
 * Bytes that are no record of the expected type; the message says why and is fit for a rejection.
 */
public final class UndecodableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UndecodableRecordException(String message, Throwable cause) {
        super(message, cause);
    }

    public UndecodableRecordException(String message) {
        super(message);
    }
}
