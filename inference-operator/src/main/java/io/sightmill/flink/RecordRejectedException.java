package io.sightmill.flink;

import io.sightmill.engine.RequestRejectedException;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Stage;
import java.util.Map;

/** A record that cannot be answered through its own fault; costs only that record. */
final class RecordRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Stage stage;
    private final Reason reason;
    private final transient RequestOutline outline;

    /**
     * @param outline what is known of the request, or null if it could not be decoded
     * @param message one sentence for a person: what, where, and what to do
     */
    RecordRejectedException(
            Stage stage, Reason reason, RequestOutline outline, String message, Throwable cause) {
        super(message, cause);
        this.stage = stage;
        this.reason = reason;
        this.outline = outline;
    }

    /** The engine's or the model's rejection of a request, in the schema's words. */
    static RecordRejectedException of(RequestOutline outline, RequestRejectedException cause) {
        return new RecordRejectedException(
                Stage.valueOf(cause.stage().name()),
                Reason.valueOf(cause.reason().name()),
                outline,
                cause.getMessage(),
                cause);
    }

    Stage stage() {
        return stage;
    }

    Reason reason() {
        return reason;
    }

    /** The request's id where it is known, else null. */
    String requestId() {
        return outline == null ? null : outline.requestId();
    }

    /** The request's attributes where they are known, else none. */
    Map<String, String> attributes() {
        return outline == null ? Map.of() : outline.attributes();
    }
}
