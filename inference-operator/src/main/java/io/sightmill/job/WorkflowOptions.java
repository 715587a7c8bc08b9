package io.sightmill.job;

import io.sightmill.engine.ModelProvider;
import io.sightmill.flink.OperatorOptions;
import java.util.Objects;

/**
 * What the workflow needs besides sources and sinks.
 *
 * @param slotSharingGroup the group of every operator; both lanes must share a slot to share the
 *     device
 */
public record WorkflowOptions(
        ModelProvider model, OperatorOptions operator, String slotSharingGroup) {

    public static final String DEFAULT_SLOT_SHARING_GROUP = "default";

    public WorkflowOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(operator, "operator");
        if (slotSharingGroup.isBlank()) {
            throw new IllegalArgumentException("slot-sharing-group is empty and must be a name");
        }
    }
}
