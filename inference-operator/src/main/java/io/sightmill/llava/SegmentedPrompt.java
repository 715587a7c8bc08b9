package io.sightmill.llava;

import io.sightmill.engine.Prompt;
import java.util.List;

/**
 * A prompt and where each of the segments it was made from begins.
 *
 * @param begins index of each segment's first token; an empty one begins where the next does
 */
record SegmentedPrompt(Prompt prompt, List<Integer> begins) {

    SegmentedPrompt {
        begins = List.copyOf(begins);
    }
}
