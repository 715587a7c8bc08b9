package io.sightmill.flink;

import java.time.Duration;

/** A call of the model did not return in time; what it is stuck in cannot be interrupted. */
public final class StepTimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StepTimeoutException(Duration timeout, String plan) {
        super(
                "a step takes longer than step-timeout, %s; a native call cannot be interrupted, so its thread and the device stay taken until it returns or the process ends. It runs %s"
                        .formatted(timeout, plan));
    }
}
