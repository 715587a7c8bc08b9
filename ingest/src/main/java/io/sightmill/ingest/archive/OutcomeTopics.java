package io.sightmill.ingest.archive;

import io.sightmill.schema.Topics;
import java.util.List;
import java.util.Objects;

/** The topics that say what became of requests. */
public record OutcomeTopics(String answers, String embeddings, String rejections) {

    public OutcomeTopics {
        Objects.requireNonNull(answers, "answers");
        Objects.requireNonNull(embeddings, "embeddings");
        Objects.requireNonNull(rejections, "rejections");
    }

    /** The names of the schemas module. */
    public static OutcomeTopics defaults() {
        return new OutcomeTopics(Topics.ANSWERS, Topics.EMBEDDINGS, Topics.REJECTIONS);
    }

    List<String> all() {
        return List.of(answers, embeddings, rejections);
    }
}
