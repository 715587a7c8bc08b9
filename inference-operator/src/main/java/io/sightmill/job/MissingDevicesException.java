package io.sightmill.job;

/** The cluster has fewer devices than the job asks for; the message says which, and how many. */
public final class MissingDevicesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MissingDevicesException(String message) {
        super(message);
    }
}
