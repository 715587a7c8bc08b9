package io.sightmill.flink;

import io.sightmill.engine.DialogueTurn;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageInput;
import io.sightmill.engine.RequestInput;
import io.sightmill.engine.TaskInput;
import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Stage;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.TokenBias;
import io.sightmill.schema.VisionRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A request in the engine's words. Checks again what ingest checked: anyone may write to the lane
 * topics. Thread-safe.
 */
final class RequestMapping {

    private static final int LONGEST_ID = 256;

    private final OperatorOptions options;

    RequestMapping(OperatorOptions options) {
        this.options = options;
    }

    /**
     * Everything that can be said without reading an image.
     *
     * @throws RecordRejectedException naming what is wrong with the request
     */
    void check(VisionRequest request) throws RecordRejectedException {
        Check check = new Check(request);
        check.that(
                isId(request.getRequestId()),
                Reason.INVALID_ID,
                "requestId must have 1 to 256 characters");
        check.that(
                !request.getImages().isEmpty() && request.getImages().size() <= options.maxImages(),
                Reason.IMAGE_COUNT,
                "%d images; 1 to %d are answered"
                        .formatted(request.getImages().size(), options.maxImages()));
        check.that(
                !request.getTasks().isEmpty() && request.getTasks().size() <= options.maxTasks(),
                Reason.TASK_COUNT,
                "%d tasks; 1 to %d are answered"
                        .formatted(request.getTasks().size(), options.maxTasks()));
        for (ImageSource image : request.getImages()) {
            check.that(
                    (image.getContent() == null) != (image.getUri() == null),
                    Reason.IMAGE_SOURCE,
                    "an image needs either content or uri, and not both");
        }
        Set<String> taskIds = new HashSet<>();
        for (Task task : request.getTasks()) {
            check.that(
                    isId(task.getTaskId()),
                    Reason.INVALID_ID,
                    "taskId must have 1 to 256 characters");
            check.that(
                    taskIds.add(task.getTaskId()),
                    Reason.INVALID_ID,
                    "taskId " + task.getTaskId() + " comes twice");
            checkTask(check, task);
        }
    }

    private void checkTask(Check check, Task task) throws RecordRejectedException {
        String name = "task " + task.getTaskId();
        check.that(
                task.getKind() != TaskKind.UNKNOWN,
                Reason.UNKNOWN_KIND,
                name + " is of a kind that is not known here; update this job");
        check.that(
                task.getInstruction() == null || !task.getMessages().isEmpty(),
                Reason.UNKNOWN_INSTRUCTION,
                name + " names an instruction that was not resolved; send requests through ingest");
        if (needsMessages(task)) {
            check.that(
                    !task.getMessages().isEmpty(),
                    Reason.EMPTY_INSTRUCTION,
                    name + " has no messages; say what is wanted");
        }
        for (Message message : task.getMessages()) {
            check.that(
                    !message.getText().isBlank(),
                    Reason.EMPTY_INSTRUCTION,
                    name + " has an empty message; say what is wanted");
            check.that(
                    roleOf(message) != null,
                    Reason.INVALID_TASK,
                    name + " has a role that is none of system, user and assistant");
        }
        check.that(
                task.getMessages().isEmpty()
                        || roleOf(task.getMessages().get(task.getMessages().size() - 1))
                                == DialogueTurn.Role.USER,
                Reason.INVALID_TASK,
                name + " does not end with the user's message");
        if (task.getKind() == TaskKind.CLASSIFY) {
            checkLabels(check, name, task.getLabels());
        }
        try {
            generation(task.getGeneration());
        } catch (IllegalArgumentException exception) {
            check.that(false, Reason.INVALID_TASK, name + ": " + exception.getMessage());
        }
    }

    private static boolean needsMessages(Task task) {
        return task.getKind() == TaskKind.ANSWER || task.getKind() == TaskKind.CLASSIFY;
    }

    private static void checkLabels(Check check, String name, List<String> labels)
            throws RecordRejectedException {
        boolean distinct = new HashSet<>(labels).size() == labels.size();
        check.that(
                labels.size() >= 2 && distinct && labels.stream().noneMatch(String::isBlank),
                Reason.INVALID_TASK,
                name + " needs two or more labels, none empty and no two alike");
    }

    /**
     * A checked request and its images as the engine's input.
     *
     * @param request one that {@link #check} found right
     */
    RequestInput input(VisionRequest request, List<ImageInput> images) {
        return new RequestInput(
                request.getRequestId(),
                images,
                request.getTasks().stream().map(this::task).toList());
    }

    private TaskInput task(Task task) {
        return new TaskInput(
                task.getTaskId(),
                kind(task.getKind()),
                turns(task),
                task.getKind() == TaskKind.CLASSIFY ? task.getLabels() : List.of(),
                generation(task.getGeneration()));
    }

    private List<DialogueTurn> turns(Task task) {
        if (task.getKind() == TaskKind.EMBED) {
            return List.of();
        }
        if (task.getMessages().isEmpty()) {
            return List.of(new DialogueTurn(DialogueTurn.Role.USER, options.captionInstruction()));
        }
        return task.getMessages().stream()
                .map(message -> new DialogueTurn(roleOf(message), message.getText()))
                .toList();
    }

    /** The engine's kind for the schema's. */
    static io.sightmill.engine.TaskKind kind(TaskKind kind) {
        return switch (kind) {
            case ANSWER, CAPTION -> io.sightmill.engine.TaskKind.GENERATE;
            case CLASSIFY -> io.sightmill.engine.TaskKind.SCORE;
            case EMBED -> io.sightmill.engine.TaskKind.EMBED;
            case UNKNOWN -> throw new IllegalArgumentException("kind is UNKNOWN and was checked");
        };
    }

    private static GenerationOptions generation(Generation generation) {
        return new GenerationOptions(
                generation.getMaxNewTokens(),
                generation.getMinNewTokens(),
                generation.getTemperature(),
                generation.getTopP(),
                generation.getTopK(),
                generation.getSeed(),
                generation.getStop(),
                bias(generation.getLogitBias()),
                generation.getRepetitionPenalty(),
                generation.getLogProbabilities());
    }

    private static Map<Integer, Double> bias(List<TokenBias> entries) {
        Map<Integer, Double> bias = new HashMap<>();
        for (TokenBias entry : entries) {
            if (bias.put(entry.getTokenId(), entry.getBias()) != null) {
                throw new IllegalArgumentException(
                        "logitBias names token " + entry.getTokenId() + " twice");
            }
        }
        return bias;
    }

    private static DialogueTurn.Role roleOf(Message message) {
        return switch (message.getRole().toLowerCase(Locale.ROOT)) {
            case "system" -> DialogueTurn.Role.SYSTEM;
            case "user" -> DialogueTurn.Role.USER;
            case "assistant" -> DialogueTurn.Role.ASSISTANT;
            default -> null;
        };
    }

    private static boolean isId(String id) {
        return !id.isEmpty() && id.length() <= LONGEST_ID;
    }

    /** Turns the first condition that does not hold into a rejection. */
    private record Check(VisionRequest request) {

        void that(boolean holds, Reason reason, String message) throws RecordRejectedException {
            if (!holds) {
                throw new RecordRejectedException(
                        Stage.PREPROCESS, reason, RequestOutline.of(request), message, null);
            }
        }
    }
}
