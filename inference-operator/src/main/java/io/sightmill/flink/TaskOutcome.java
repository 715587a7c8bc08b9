package io.sightmill.flink;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import java.util.List;
import java.util.Optional;

/** What a finished task gave, held until the last task of its record ends. */
record TaskOutcome(Optional<Answer> answer, List<Embedding> embeddings) {

    TaskOutcome {
        embeddings = List.copyOf(embeddings);
    }

    static TaskOutcome of(Answer answer) {
        return new TaskOutcome(Optional.of(answer), List.of());
    }

    static TaskOutcome of(List<Embedding> embeddings) {
        return new TaskOutcome(Optional.empty(), embeddings);
    }
}
