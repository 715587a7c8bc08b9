package io.sightmill.tuning.instruct;

import java.util.List;
import java.util.Objects;

/** What a teacher made of a picture, and what it cost. */
public record Lesson(List<Exchange> exchanges, Usage usage) {

    /**
     * What a teacher was paid for.
     *
     * @param requests how often it was asked, failed ones included
     * @param unmetered how many of them were answered without saying how many tokens it took
     */
    public record Usage(long requests, long promptTokens, long completionTokens, long unmetered) {

        public static final Usage NONE = new Usage(0, 0, 0, 0);

        /** A request that was not answered. */
        public static final Usage REQUEST = new Usage(1, 0, 0, 0);

        /** A request that was answered without a number of tokens. */
        public static final Usage UNMETERED = new Usage(1, 0, 0, 1);

        public Usage plus(Usage other) {
            return new Usage(
                    requests + other.requests,
                    promptTokens + other.promptTokens,
                    completionTokens + other.completionTokens,
                    unmetered + other.unmetered);
        }
    }

    public Lesson {
        exchanges = List.copyOf(exchanges);
        Objects.requireNonNull(usage, "usage");
    }
}
