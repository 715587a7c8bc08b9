package io.sightmill.tuning.instruct;

import java.util.List;
import java.util.Objects;

/** What a teacher made of a picture, and what it cost. */
public record Lesson(List<Exchange> exchanges, Usage usage) {

    /**
     * What a teacher was paid for.
     *
     * @param requests how often it was asked, failed ones included
     */
    public record Usage(long requests, long promptTokens, long completionTokens) {

        public static final Usage NONE = new Usage(0, 0, 0);

        public Usage plus(Usage other) {
            return new Usage(
                    requests + other.requests,
                    promptTokens + other.promptTokens,
                    completionTokens + other.completionTokens);
        }
    }

    public Lesson {
        exchanges = List.copyOf(exchanges);
        Objects.requireNonNull(usage, "usage");
    }
}
