package io.sightmill.engine;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One task handed to the engine: plain data, from which it can be run again anywhere. The state of
 * its sampler is the seed in the task's options and the number of {@code tokensSoFar}.
 *
 * @param tenant whose request it is; nothing is found in a cache that another tenant put there.
 *     Empty for nobody in particular
 * @param deadline when the answer stops being useful; it ends {@link FinishReason#LATE} then
 * @param tokensSoFar tokens generated before a restore; replayed by forced decode steps, so that
 *     what follows is what an undisturbed run gives. Empty for a new task. Not copied, never
 *     changed.
 */
public record SequenceRequest(
        String requestId,
        String tenant,
        Lane lane,
        PreparedTask task,
        Optional<Instant> deadline,
        int[] tokensSoFar) {

    public SequenceRequest {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(lane, "lane");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(tokensSoFar, "tokensSoFar");
    }

    /** A new task of nobody in particular, without a deadline. */
    public SequenceRequest(String requestId, Lane lane, PreparedTask task) {
        this(requestId, lane, task, new int[0]);
    }

    /** A task of nobody in particular, without a deadline. */
    public SequenceRequest(String requestId, Lane lane, PreparedTask task, int[] tokensSoFar) {
        this(requestId, "", lane, task, Optional.empty(), tokensSoFar);
    }

    public SequenceId id() {
        return new SequenceId(requestId, task.taskId());
    }

    /** The same with other tokens so far. */
    public SequenceRequest withTokensSoFar(int[] tokens) {
        return new SequenceRequest(requestId, tenant, lane, task, deadline, tokens);
    }

    /** The same with a deadline. */
    public SequenceRequest withDeadline(Instant instant) {
        return new SequenceRequest(
                requestId, tenant, lane, task, Optional.of(instant), tokensSoFar);
    }

    /** The same for a tenant. */
    public SequenceRequest withTenant(String name) {
        return new SequenceRequest(requestId, name, lane, task, deadline, tokensSoFar);
    }

    /** Whether its answer is of no use any more. */
    boolean isLate(Instant now) {
        return deadline.isPresent() && !now.isBefore(deadline.get());
    }
}
