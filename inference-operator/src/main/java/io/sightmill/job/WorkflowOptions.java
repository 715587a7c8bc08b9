package io.sightmill.job;

import io.sightmill.engine.ModelProvider;
import io.sightmill.flink.OperatorOptions;
import java.util.Objects;

/**
 * What the workflow needs besides sources and sinks.
 *
 * @param slots of every operator; both lanes must share a slot to share the device
 */
public record WorkflowOptions(ModelProvider model, OperatorOptions operator, SlotOptions slots) {

    public WorkflowOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(operator, "operator");
        Objects.requireNonNull(slots, "slots");
    }
}
