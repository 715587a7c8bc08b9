package io.sightmill.tuning.training;

/** A run that cannot go on; the message says why and what to do, for the person who started it. */
public final class TrainingFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TrainingFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public TrainingFailedException(String message) {
        super(message);
    }
}
