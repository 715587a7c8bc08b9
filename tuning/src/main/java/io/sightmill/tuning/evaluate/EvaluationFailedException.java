package io.sightmill.tuning.evaluate;

/** A model that cannot be evaluated; the message says why, for the person who asked for it. */
public final class EvaluationFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EvaluationFailedException(String message) {
        this(message, null);
    }

    public EvaluationFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
