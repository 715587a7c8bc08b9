package io.sightmill.tuning.samples;

/** A sample that nothing can be learned from; the message says why. */
public final class BadSampleException extends Exception {

    private static final long serialVersionUID = 1L;

    public BadSampleException(String problem, Throwable cause) {
        super(problem, cause);
    }

    public BadSampleException(String problem) {
        this(problem, null);
    }
}
