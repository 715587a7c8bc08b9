package io.sightmill.engine;

/** Why a sequence ended; names match the schema's. */
public enum FinishReason {
    STOP,
    LENGTH,
    LABEL,
    LATE,
    CANCELLED
}
