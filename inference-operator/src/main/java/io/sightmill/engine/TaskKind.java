package io.sightmill.engine;

/** What the engine does for a task. */
public enum TaskKind {
    /** Prefill the prompt and decode an answer. */
    GENERATE,
    /** Prefill the prompt and compare the probabilities of given labels; decodes nothing. */
    SCORE,
    /** Encode and project the images; runs nothing through the language model. */
    EMBED
}
