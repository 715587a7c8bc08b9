package io.sightmill.engine;

/**
 * A checkpoint that cannot be loaded; the message names the file and, where there is one, the key.
 */
public final class ModelLoadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }

    public ModelLoadException(String message) {
        super(message);
    }
}
