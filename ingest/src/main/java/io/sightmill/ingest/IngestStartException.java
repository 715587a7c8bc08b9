package io.sightmill.ingest;

/** The application could not be started; the message says what is missing and what to do. */
public final class IngestStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public IngestStartException(String message, Throwable cause) {
        super(message, cause);
    }

    public IngestStartException(String message) {
        super(message);
    }
}
