package io.sightmill.tuning.evaluate;

import java.util.List;

/**
 * A picture and what is asked about it.
 *
 * @param id names it among all of a run
 * @param image an image file; not copied, never changed
 */
record Inquiry(String id, byte[] image, List<Asked> asked) {

    /**
     * One question.
     *
     * @param maxNewTokens most tokens of a reply
     */
    record Asked(String question, int maxNewTokens) {}

    Inquiry {
        asked = List.copyOf(asked);
    }
}
