package io.sightmill.engine;

import java.util.List;
import java.util.Objects;

/**
 * One thing to do with the images of a request.
 *
 * @param turns the dialogue, oldest first; empty for EMBED
 * @param labels what to choose from, for SCORE; else empty
 */
public record TaskInput(
        String taskId,
        TaskKind kind,
        List<DialogueTurn> turns,
        List<String> labels,
        GenerationOptions generation) {

    public TaskInput {
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(kind, "kind");
        turns = List.copyOf(turns);
        labels = List.copyOf(labels);
        Objects.requireNonNull(generation, "generation");
    }
}
