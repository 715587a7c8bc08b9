package io.sightmill.engine;

import java.util.Objects;

/** A request that cannot be answered through its own fault; costs only that request. */
public final class RequestRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Stage stage;
    private final Reason reason;

    /**
     * @param message one sentence for a person: what, where, and what to do
     */
    public RequestRejectedException(Stage stage, Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.stage = Objects.requireNonNull(stage, "stage");
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    public RequestRejectedException(Stage stage, Reason reason, String message) {
        this(stage, reason, message, null);
    }

    public Stage stage() {
        return stage;
    }

    public Reason reason() {
        return reason;
    }
}
