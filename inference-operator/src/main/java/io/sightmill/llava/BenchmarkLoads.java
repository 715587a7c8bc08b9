package io.sightmill.llava;

import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.Lane;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TaskKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The loads that the engine is measured with, drawn from a seed. */
final class BenchmarkLoads {

    private static final int TEXT_TOKENS = 44;
    private static final int LEAST_ANSWER = 8;
    private static final int LONGEST_ANSWER = 256;
    private static final int TASK_ANSWER = 16;

    private final RandomPrompts prompts;
    private final Random random;

    BenchmarkLoads(LlavaConfig config, long seed) {
        this.prompts = new RandomPrompts(config, seed);
        this.random = new Random(seed);
    }

    /** Positions that the longest request of the mixed load takes. */
    static int mostPositions(LlavaConfig config) {
        return new RandomPrompts(config, 0).image().tokens() + TEXT_TOKENS + LONGEST_ANSWER;
    }

    /**
     * Requests with an image of their own and 44 text tokens. The logarithm of an answer's length
     * is uniform between those of 8 and 256: many short answers, few long ones.
     */
    List<SequenceRequest> mixed(int count) {
        List<SequenceRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double log =
                    Math.log(LEAST_ANSWER)
                            + random.nextDouble()
                                    * Math.log((double) LONGEST_ANSWER / LEAST_ANSWER);
            int length = (int) Math.round(Math.exp(log));
            requests.add(
                    request("r" + i, "", prompts.around(prompts.image(), TEXT_TOKENS), length));
        }
        return requests;
    }

    /** Seconds from the beginning at which requests come that know nothing of each other. */
    double[] arrivals(int count, double perSecond) {
        double[] seconds = new double[count];
        double now = 0;
        for (int i = 0; i < count; i++) {
            now -= Math.log(1 - random.nextDouble()) / perSecond;
            seconds[i] = now;
        }
        return seconds;
    }

    /** Questions of one record on one image: an image's position and all before it are shared. */
    List<SequenceRequest> tasksOnOneImage(int count) {
        Prompt first = prompts.around(prompts.image(), TEXT_TOKENS);
        List<SequenceRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = prompts.ids(first.length());
            System.arraycopy(first.tokenIds(), 0, ids, 0, first.images().get(0).end());
            requests.add(
                    request("record", "task" + i, new Prompt(ids, first.images()), TASK_ANSWER));
        }
        return requests;
    }

    /** As many records with an image and one such question each. */
    List<SequenceRequest> separateTasks(int count) {
        List<SequenceRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Prompt prompt = prompts.around(prompts.image(), TEXT_TOKENS);
            requests.add(request("record" + i, "task", prompt, TASK_ANSWER));
        }
        return requests;
    }

    /** Tasks of one text, so that little time goes into its prefill. */
    List<SequenceRequest> sameText(int count, int promptTokens, int answerTokens) {
        Prompt prompt = new Prompt(prompts.ids(promptTokens), List.of());
        List<SequenceRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(request("record", "task" + i, prompt, answerTokens));
        }
        return requests;
    }

    /** The same with one token left to decode behind those that each had before a restore. */
    List<SequenceRequest> restored(int count, int promptTokens, int knownTokens) {
        return sameText(count, promptTokens, knownTokens + 1).stream()
                .map(request -> request.withTokensSoFar(prompts.ids(knownTokens)))
                .toList();
    }

    private static SequenceRequest request(
            String record, String task, Prompt prompt, int answerTokens) {
        return new SequenceRequest(
                record,
                Lane.LIVE,
                new PreparedTask(
                        task,
                        TaskKind.GENERATE,
                        prompt,
                        List.of(),
                        GenerationOptions.greedy(answerTokens)));
    }
}
