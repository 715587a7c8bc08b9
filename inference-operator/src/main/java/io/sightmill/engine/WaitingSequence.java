package io.sightmill.engine;

/**
 * A sequence that waits for admission.
 *
 * @param submittedNanos when it was submitted, on the engine's clock
 */
record WaitingSequence(SequenceRequest request, long submittedNanos) {}
