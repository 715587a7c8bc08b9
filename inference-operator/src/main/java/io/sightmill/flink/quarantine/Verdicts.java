package io.sightmill.flink.quarantine;

import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;

/**
 * What became of records that asked to run; those in neither wait and ask again.
 *
 * @param granted may run now
 * @param refused may not run any more, and why
 */
record Verdicts(List<String> granted, Map<String, String> refused) implements CoordinationResponse {

    private static final long serialVersionUID = 1L;

    static final Verdicts NONE = new Verdicts(List.of(), Map.of());

    Verdicts {
        granted = List.copyOf(granted);
        refused = Map.copyOf(refused);
    }
}
