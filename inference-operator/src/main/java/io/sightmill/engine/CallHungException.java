package io.sightmill.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * A call of the model did not return in time. It cannot be interrupted, so it was left behind with
 * everything the runner held: what was admitted is admitted no longer and begins again.
 */
public final class CallHungException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<BatchPlan> plan;

    /**
     * @param call which, in a word
     * @param plan what was to be run; empty for another call than {@link ModelRunner#run}
     */
    public CallHungException(String call, Duration timeout, Optional<BatchPlan> plan) {
        super("the model has not returned from '%s' in %s".formatted(call, timeout));
        this.plan = plan;
    }

    Optional<BatchPlan> plan() {
        return plan;
    }
}
