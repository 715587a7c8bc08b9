package io.sightmill.engine;

import java.util.function.ToIntFunction;

/**
 * What a task may take at most. Checked before it waits: a task that can never fit must not block
 * those behind it.
 *
 * @param contextTokens most positions of prompt and answer together
 * @param kvTokens the whole KV memory in positions
 * @param held how many of them a task takes
 */
record SizeLimits(int contextTokens, int kvTokens, ToIntFunction<PreparedTask> held) {

    /**
     * @throws RequestRejectedException with {@link Reason#PROMPT_TOO_LONG} and the numbers
     */
    void check(PreparedTask task) throws RequestRejectedException {
        if (task.kind() == TaskKind.EMBED) {
            return;
        }
        int prompt = task.prompt().length();
        long answer = answerTokens(task);
        String size =
                "the prompt of %d tokens and up to %d tokens after it".formatted(prompt, answer);
        if (prompt + answer > contextTokens) {
            throw tooLong(
                    "%s take %d positions; the model has %d"
                            .formatted(size, prompt + answer, contextTokens));
        }
        int kvTokensHeld = held.applyAsInt(task);
        if (kvTokensHeld > kvTokens) {
            throw tooLong(
                    "%s take %d positions of KV memory; the engine has %d (kvTokens)"
                            .formatted(size, kvTokensHeld, kvTokens));
        }
    }

    private static long answerTokens(PreparedTask task) {
        return task.kind() == TaskKind.GENERATE
                ? task.generation().maxNewTokens()
                : task.labels().stream().mapToInt(label -> label.length).max().orElse(0);
    }

    private static RequestRejectedException tooLong(String numbers) {
        return new RequestRejectedException(
                Stage.PREFILL,
                Reason.PROMPT_TOO_LONG,
                numbers + ": shorten the prompt, send fewer images or ask for fewer tokens");
    }
}
