package io.sightmill.engine;

/**
 * The device or the model as a whole does not work: no sequence's fault, so none is failed for it.
 * The engine can only be closed then; what was in flight is run again elsewhere, or later.
 */
public final class EngineFailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EngineFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
