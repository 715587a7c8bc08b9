package io.sightmill.engine;

/** A stage of the data path inside the operator, in order; names match the schema's stages. */
public enum Stage {
    PREPROCESS,
    ENCODE,
    PROJECT,
    PREFILL,
    DECODE,
    EMIT
}
