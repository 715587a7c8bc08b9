package io.sightmill.llava;

/** A chat template that cannot be read or rendered; the message completes "the chat template:". */
final class JinjaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JinjaException(String message) {
        super(message);
    }

    JinjaException(String message, Throwable cause) {
        super(message, cause);
    }
}
