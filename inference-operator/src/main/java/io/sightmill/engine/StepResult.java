package io.sightmill.engine;

import java.time.Duration;
import java.util.List;

/**
 * What a step gave and where its time went.
 *
 * @param outputs at most one a sequence of the plan; none for a prefill chunk that is not the last
 * @param encode time in vision encoder and projector
 * @param prefill time in prefill chunks
 * @param decode time in decoding
 */
public record StepResult(
        List<SequenceOutput> outputs, Duration encode, Duration prefill, Duration decode) {

    public StepResult {
        outputs = List.copyOf(outputs);
    }
}
