package io.sightmill.flink;

import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import java.util.List;
import java.util.Map;

/**
 * What of a request its answers repeat: small, so that the images need not be kept while it runs.
 *
 * @param requestId empty where the record has none
 */
record RequestOutline(String requestId, List<TaskOutline> tasks, Map<String, String> attributes) {

    /**
     * What of a task its answer repeats.
     *
     * @param streams whether its text is wanted while it is generated
     */
    record TaskOutline(
            String taskId, TaskKind kind, List<String> labels, long seed, boolean streams) {}

    RequestOutline {
        tasks = List.copyOf(tasks);
        attributes = Map.copyOf(attributes);
    }

    static RequestOutline of(VisionRequest request) {
        return new RequestOutline(
                request.getRequestId(),
                request.getTasks().stream().map(RequestOutline::taskOf).toList(),
                request.getAttributes());
    }

    private static TaskOutline taskOf(Task task) {
        return new TaskOutline(
                task.getTaskId(),
                task.getKind(),
                List.copyOf(task.getLabels()),
                task.getGeneration().getSeed(),
                task.getStream());
    }

    /** The task of this name; every task of a sequence has one. */
    TaskOutline task(String taskId) {
        return tasks.stream()
                .filter(task -> task.taskId().equals(taskId))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "request " + requestId + " has no task " + taskId));
    }
}
