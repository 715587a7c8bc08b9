package io.sightmill.engine;

import java.util.Objects;

/** Names a sequence: one task of one request. */
public record SequenceId(String requestId, String taskId) {

    public SequenceId {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(taskId, "taskId");
    }
}
