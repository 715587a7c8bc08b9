package io.sightmill.local.command;

/**
 * A command that could not do its work; the message is one sentence for the person who typed it.
 */
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public CommandFailedException(String message) {
        super(message);
    }
}
