package io.sightmill.llava;

/** A dialogue that the chat template has no form for; the message says what is wrong with it. */
public final class PromptRefusedException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public PromptRefusedException(String message) {
        super(message);
    }

    public PromptRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
