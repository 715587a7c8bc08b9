package io.sightmill.engine;

import java.time.Duration;

/**
 * Where a sequence's time went.
 *
 * @param queue from submission to admission
 * @param encode of the steps that encoded its images
 * @param prefill of the steps that ran its prompt
 * @param decode from its first token to its last
 */
public record SequenceTimings(Duration queue, Duration encode, Duration prefill, Duration decode) {}
