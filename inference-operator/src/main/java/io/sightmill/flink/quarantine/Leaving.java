package io.sightmill.flink.quarantine;

import org.apache.flink.runtime.operators.coordination.CoordinationRequest;

/** A subtask ends in order: what it still holds is nobody's fault. */
record Leaving(Holder holder) implements CoordinationRequest {

    private static final long serialVersionUID = 1L;
}
