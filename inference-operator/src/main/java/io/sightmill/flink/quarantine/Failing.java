package io.sightmill.flink.quarantine;

import org.apache.flink.runtime.operators.coordination.CoordinationRequest;

/**
 * A subtask is about to fail.
 *
 * @param position of the record at fault; null if it is one of those that run
 * @param cause for a person
 */
record Failing(Holder holder, String position, String cause) implements CoordinationRequest {

    private static final long serialVersionUID = 1L;
}
