package io.sightmill.flink.quarantine;

import org.apache.flink.runtime.operators.coordination.CoordinationRequest;

/**
 * What a process left behind that died in native code.
 *
 * @param at when, milliseconds of the epoch
 * @param cause for a person
 */
record Crash(String host, long process, long at, String cause) implements CoordinationRequest {

    private static final long serialVersionUID = 1L;

    boolean isOf(EngineName engine) {
        return host.equals(engine.host()) && process == engine.process() && at >= engine.started();
    }
}
