package io.sightmill.engine;

import java.util.List;
import java.util.Objects;

/**
 * A task ready for the engine.
 *
 * @param prompt for EMBED the image tokens alone
 * @param labels token ids of each label as they continue the prompt, for SCORE; else empty. Each
 *     has at least one token.
 */
public record PreparedTask(
        String taskId,
        TaskKind kind,
        Prompt prompt,
        List<int[]> labels,
        GenerationOptions generation) {

    public PreparedTask {
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(prompt, "prompt");
        labels = List.copyOf(labels);
        Objects.requireNonNull(generation, "generation");
        if (kind == TaskKind.SCORE
                && (labels.isEmpty() || labels.stream().anyMatch(label -> label.length == 0))) {
            throw new IllegalArgumentException(
                    "task " + taskId + " has no labels to score, or one without a token");
        }
        if (kind != TaskKind.EMBED && prompt.length() == 0) {
            throw new IllegalArgumentException("task " + taskId + " has an empty prompt");
        }
    }

    /**
     * Most positions of KV memory the task can take: known before it runs. {@code
     * Integer.MAX_VALUE} stands for anything larger, for the numbers come from outside.
     */
    public int mostKvTokens() {
        long tokens =
                switch (kind) {
                    // The last token generated is never fed back.
                    case GENERATE -> (long) prompt.length() + generation.maxNewTokens() - 1;
                    case SCORE ->
                            (long) prompt.length()
                                    + labels.stream().mapToInt(ids -> ids.length).max().orElse(0);
                    case EMBED -> 0;
                };
        return (int) Math.min(Integer.MAX_VALUE, tokens);
    }

    /** How many tokens of labels the model runs after the prompt: 0 unless it is a SCORE. */
    public int labelTokens() {
        return kind == TaskKind.SCORE ? LabelTree.of(labels).fedTokens() : 0;
    }
}
