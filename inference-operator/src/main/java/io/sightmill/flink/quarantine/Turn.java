package io.sightmill.flink.quarantine;

import java.util.List;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;

/**
 * A subtask tells which records left it and asks for others whether they may run.
 *
 * @param left records that were answered or rejected
 * @param asked records that wait
 */
record Turn(Holder holder, List<String> left, List<String> asked) implements CoordinationRequest {

    private static final long serialVersionUID = 1L;

    Turn {
        left = List.copyOf(left);
        asked = List.copyOf(asked);
    }
}
