package io.sightmill.tuning.evaluate;

import java.util.List;
import java.util.Optional;

/**
 * What is asked, all about one picture or about none.
 *
 * @param id names it among all of a run
 * @param image an image file; not copied, never changed; empty for text alone
 */
public record Inquiry(String id, Optional<byte[]> image, List<Asked> asked) {

    /**
     * One question.
     *
     * @param maxNewTokens most tokens of a reply
     */
    public record Asked(String question, int maxNewTokens) {}

    public Inquiry {
        asked = List.copyOf(asked);
    }
}
