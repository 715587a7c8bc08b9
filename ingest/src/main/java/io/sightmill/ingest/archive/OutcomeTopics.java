package io.sightmill.ingest.archive;

import io.sightmill.schema.Topics;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The topics that say what became of requests.
 *
 * @param answerChunks where answers come in pieces before they are whole, if those are read too
 */
public record OutcomeTopics(
        String answers, String embeddings, String rejections, Optional<String> answerChunks) {

    public OutcomeTopics {
        Objects.requireNonNull(answers, "answers");
        Objects.requireNonNull(embeddings, "embeddings");
        Objects.requireNonNull(rejections, "rejections");
        Objects.requireNonNull(answerChunks, "answerChunks");
    }

    /** Without chunks. */
    public OutcomeTopics(String answers, String embeddings, String rejections) {
        this(answers, embeddings, rejections, Optional.empty());
    }

    /** The bulk lane's, by the names of the schemas module. */
    public static OutcomeTopics bulk() {
        return new OutcomeTopics(Topics.ANSWERS, Topics.EMBEDDINGS, Topics.REJECTIONS);
    }

    /** The live lane's, by the names of the schemas module. */
    public static OutcomeTopics live() {
        return new OutcomeTopics(
                Topics.ANSWERS_LIVE,
                Topics.EMBEDDINGS_LIVE,
                Topics.REJECTIONS,
                Optional.of(Topics.ANSWER_CHUNKS));
    }

    List<String> all() {
        return Stream.concat(Stream.of(answers, embeddings, rejections), answerChunks.stream())
                .toList();
    }
}
