package io.sightmill.llava;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageInput;
import io.sightmill.engine.PreparedImage;
import io.sightmill.engine.PreparedRequest;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.TaskInput;
import io.sightmill.engine.TaskKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The preprocess stage for a request: each image is prepared once and shared by the request's
 * tasks. Thread-safe.
 */
public final class LlavaPreprocessor implements RequestPreprocessor {

    private final ImagePreprocessor images;
    private final PromptAssembler prompts;
    private final int contextTokens;

    /**
     * @param contextTokens most positions of prompt and answer together
     */
    public LlavaPreprocessor(ImagePreprocessor images, PromptAssembler prompts, int contextTokens) {
        if (contextTokens < 1) {
            throw new IllegalArgumentException(
                    "contextTokens is " + contextTokens + " and must be at least 1");
        }
        this.images = images;
        this.prompts = prompts;
        this.contextTokens = contextTokens;
    }

    @Override
    public PreparedRequest preprocess(RequestInput request) throws RequestRejectedException {
        for (TaskInput task : request.tasks()) {
            requireTaskIsSound(task);
        }
        List<PreparedImage> prepared = prepareImages(request.images());
        List<PreparedTask> tasks = new ArrayList<>();
        for (TaskInput task : request.tasks()) {
            tasks.add(prepareTask(task, prepared));
        }
        return new PreparedRequest(prepared, tasks);
    }

    private List<PreparedImage> prepareImages(List<ImageInput> inputs)
            throws RequestRejectedException {
        List<PreparedImage> prepared = new ArrayList<>();
        for (ImageInput input : inputs) {
            try {
                prepared.add(images.preprocess(input.content()));
            } catch (RequestRejectedException e) {
                String which = "image %d of %d: ".formatted(prepared.size() + 1, inputs.size());
                throw new RequestRejectedException(
                        e.stage(), e.reason(), which + e.getMessage(), e);
            }
        }
        return prepared;
    }

    /** Before any image is decoded: checking is cheap, decoding is not. */
    private void requireTaskIsSound(TaskInput task) throws RequestRejectedException {
        if (task.kind() == TaskKind.EMBED) {
            return;
        }
        if (task.turns().stream().noneMatch(turn -> turn.role() == DialogueTurn.Role.USER)) {
            throw invalid(task, "has no user turn");
        }
        if (task.kind() == TaskKind.SCORE
                && (task.labels().isEmpty() || task.labels().stream().anyMatch(String::isBlank))) {
            throw invalid(task, "has no labels, or a blank one");
        }
        long characters = task.turns().stream().mapToLong(turn -> turn.text().length()).sum();
        for (String label : task.labels()) {
            characters = Math.max(characters, label.length());
        }
        // Tokenizing megabytes only to count them would be the sender's to ask and ours to pay.
        long fewest = prompts.fewestTokens(characters);
        if (fewest > contextTokens) {
            throw tooLong(task, "at least " + fewest, 0);
        }
    }

    private PreparedTask prepareTask(TaskInput task, List<PreparedImage> prepared)
            throws RequestRejectedException {
        if (task.kind() == TaskKind.EMBED) {
            return prepared(task, prompts.assembleImages(prepared), List.of());
        }
        PreparedTask result = prompted(task, prepared);
        int answer =
                task.kind() == TaskKind.GENERATE
                        ? task.generation().maxNewTokens()
                        : result.labels().stream().mapToInt(ids -> ids.length).max().orElse(0);
        if ((long) result.prompt().length() + answer > contextTokens) {
            throw tooLong(task, Integer.toString(result.prompt().length()), answer);
        }
        return result;
    }

    private PreparedTask prompted(TaskInput task, List<PreparedImage> prepared)
            throws RequestRejectedException {
        try {
            Prompt prompt = prompts.assemble(task.turns(), prepared);
            List<int[]> labels = new ArrayList<>();
            for (String label : task.kind() == TaskKind.SCORE ? task.labels() : List.<String>of()) {
                labels.add(prompts.continuation(task.turns(), prepared.size(), label));
            }
            return prepared(task, prompt, labels);
        } catch (PromptRefusedException e) {
            throw invalid(task, "cannot be put into a prompt: " + e.getMessage());
        }
    }

    private PreparedTask prepared(TaskInput task, Prompt prompt, List<int[]> labels) {
        return new PreparedTask(
                task.taskId(), task.kind(), prompt, labels, withStops(task.generation()));
    }

    private GenerationOptions withStops(GenerationOptions asked) {
        List<String> stops = new ArrayList<>(asked.stop());
        prompts.stopStrings().stream().filter(stop -> !stops.contains(stop)).forEach(stops::add);
        return asked.withStop(stops);
    }

    private RequestRejectedException tooLong(TaskInput task, String promptTokens, int answer) {
        return ImageDecoder.rejected(
                Reason.PROMPT_TOO_LONG,
                "task %s needs %s prompt tokens and %d for the answer; the model has %d positions"
                        .formatted(task.taskId(), promptTokens, answer, contextTokens));
    }

    private static RequestRejectedException invalid(TaskInput task, String fault) {
        return ImageDecoder.rejected(
                Reason.INVALID_TASK, "task %s %s".formatted(task.taskId(), fault));
    }
}
