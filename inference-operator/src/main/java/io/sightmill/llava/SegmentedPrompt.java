package io.sightmill.llava;

import io.sightmill.engine.Prompt;
import java.util.List;

/**
 * A prompt and where each of the segments it was made from begins.
 *
 * @param begins index of each segment's first token; an empty one begins where the next does
 * @param ends of each segment, the place in its text behind each of its tokens; empty where it is
 *     no text
 */
record SegmentedPrompt(Prompt prompt, List<Integer> begins, List<int[]> ends) {

    SegmentedPrompt {
        begins = List.copyOf(begins);
        ends = List.copyOf(ends);
    }

    /**
     * The first token of a segment that ends behind a place in its text, as the tokenizer tells
     * places: right for most texts, to be proven by what the tokens spell.
     *
     * @param offset UTF-16 units into the segment's text
     */
    int likelyTokenBehind(int segment, int offset) {
        int[] places = ends.get(segment);
        int token = 0;
        while (token < places.length && places[token] <= offset) {
            token++;
        }
        return begins.get(segment) + token;
    }
}
