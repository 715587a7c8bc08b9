package io.sightmill.engine;

import java.util.ArrayList;
import java.util.List;

/** Requests for tests. The task of a sequence is named "t", its request as given. */
final class TestRequests {

    private static final int IMAGE_TOKEN = 32_000;

    private TestRequests() {}

    record TestImage(String key, int tokens) implements PreparedImage {}

    static SequenceRequest generate(String requestId, int promptTokens, int maxNewTokens) {
        return generate(requestId, Lane.LIVE, promptTokens, maxNewTokens);
    }

    static SequenceRequest generate(
            String requestId, Lane lane, int promptTokens, int maxNewTokens) {
        return generate(
                requestId,
                lane,
                new Prompt(new int[promptTokens], List.of()),
                GenerationOptions.greedy(maxNewTokens));
    }

    static SequenceRequest generate(String requestId, int maxNewTokens, List<String> stop) {
        GenerationOptions options = new GenerationOptions(maxNewTokens, 0, 1, 0, 0, stop);
        return generate(requestId, Lane.LIVE, new Prompt(new int[3], List.of()), options);
    }

    static SequenceRequest generate(
            String requestId, Lane lane, Prompt prompt, GenerationOptions options) {
        PreparedTask task = new PreparedTask("t", TaskKind.GENERATE, prompt, List.of(), options);
        return new SequenceRequest(requestId, lane, task);
    }

    static SequenceRequest score(String requestId, Lane lane, int promptTokens, int labels) {
        List<int[]> labelTokens = new ArrayList<>();
        for (int label = 0; label < labels; label++) {
            labelTokens.add(new int[label + 1]);
        }
        Prompt prompt = new Prompt(new int[promptTokens], List.of());
        PreparedTask task =
                new PreparedTask(
                        "t", TaskKind.SCORE, prompt, labelTokens, GenerationOptions.greedy(1));
        return new SequenceRequest(requestId, lane, task);
    }

    static SequenceRequest embed(String requestId, Lane lane, int imageTokens) {
        PreparedTask task =
                new PreparedTask(
                        "t",
                        TaskKind.EMBED,
                        prompt(0, imageTokens, 0),
                        List.of(),
                        GenerationOptions.greedy(1));
        return new SequenceRequest(requestId, lane, task);
    }

    /** Text, one image, text. */
    static Prompt prompt(int textBefore, int imageTokens, int textAfter) {
        int[] tokens = new int[textBefore + imageTokens + textAfter];
        java.util.Arrays.fill(tokens, textBefore, textBefore + imageTokens, IMAGE_TOKEN);
        TestImage image = new TestImage("image", imageTokens);
        return new Prompt(tokens, List.of(new ImageSpan(textBefore, image)));
    }

    /** The same request for another task. */
    static SequenceRequest task(String taskId, SequenceRequest request) {
        PreparedTask task = request.task();
        return new SequenceRequest(
                request.requestId(),
                request.tenant(),
                request.lane(),
                new PreparedTask(
                        taskId, task.kind(), task.prompt(), task.labels(), task.generation()),
                request.deadline(),
                request.tokensSoFar());
    }

    static SequenceRequest continuing(SequenceRequest request, int[] tokensSoFar) {
        return request.withTokensSoFar(tokensSoFar);
    }
}
