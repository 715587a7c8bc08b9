package io.sightmill.engine;

import java.util.Objects;

/**
 * One task handed to the engine.
 *
 * @param tokensSoFar tokens generated before a restore or preemption; replayed by forced decode
 *     steps, so that what follows is what an undisturbed run gives. Empty for a new task. Not
 *     copied, never changed.
 */
public record SequenceRequest(String requestId, Lane lane, PreparedTask task, int[] tokensSoFar) {

    public SequenceRequest {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(lane, "lane");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(tokensSoFar, "tokensSoFar");
    }

    public SequenceRequest(String requestId, Lane lane, PreparedTask task) {
        this(requestId, lane, task, new int[0]);
    }

    public SequenceId id() {
        return new SequenceId(requestId, task.taskId());
    }
}
