package io.sightmill.engine;

/**
 * A checkpoint that cannot be loaded; the message names the file and, where there is one, the key.
 * It is one line of bounded length, whatever a file made it repeat.
 */
public final class ModelLoadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_MESSAGE = 1_000;

    public ModelLoadException(String message, Throwable cause) {
        super(line(message), cause);
    }

    public ModelLoadException(String message) {
        super(line(message));
    }

    private static String line(String message) {
        boolean isLong = message.length() > LONGEST_MESSAGE;
        String bounded = isLong ? message.substring(0, LONGEST_MESSAGE) + "..." : message;
        return bounded.replaceAll("\\p{Cntrl}+", " ");
    }
}
