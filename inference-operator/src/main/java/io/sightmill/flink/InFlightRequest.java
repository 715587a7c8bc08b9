package io.sightmill.flink;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A record between arrival and emission. Owned by the mailbox thread.
 *
 * <p>Its tasks are unknown until it has been preprocessed, unless it comes out of a checkpoint.
 */
final class InFlightRequest {

    private final long arrival;
    private final IncomingRecord record;
    private final Map<String, TaskProgress> tasks;
    private final String restoredWeightsSha256;
    private PreparedRecord prepared;
    private String engineKey;

    InFlightRequest(long arrival, IncomingRecord record) {
        this(arrival, record, new LinkedHashMap<>(), "");
    }

    /**
     * @param tasks progress by taskId, from a checkpoint; not copied
     * @param restoredWeightsSha256 of the model that gave the tokens in them
     */
    InFlightRequest(
            long arrival,
            IncomingRecord record,
            Map<String, TaskProgress> tasks,
            String restoredWeightsSha256) {
        this.arrival = arrival;
        this.record = record;
        this.tasks = tasks;
        this.restoredWeightsSha256 = restoredWeightsSha256;
    }

    /** The same, before it is prepared, under another number. */
    InFlightRequest renumbered(long number) {
        return new InFlightRequest(number, record, tasks, restoredWeightsSha256);
    }

    /** Lets unfinished tasks start over if another model gave their tokens; tells how many. */
    int forgetTokensOfOthersThan(String weightsSha256) {
        if (restoredWeightsSha256.equals(weightsSha256)) {
            return 0;
        }
        return tasks.values().stream().mapToInt(TaskProgress::forgetTokens).sum();
    }

    /** Number of the record among those that arrived here; names it within the operator. */
    long arrival() {
        return arrival;
    }

    IncomingRecord record() {
        return record;
    }

    int bytes() {
        return record.value().length;
    }

    /** Takes the result of preprocessing; progress from a checkpoint is kept. */
    void prepared(PreparedRecord result, String key) {
        prepared = result;
        engineKey = key;
        result.outline()
                .tasks()
                .forEach(task -> tasks.computeIfAbsent(task.taskId(), any -> new TaskProgress()));
    }

    /** The result of preprocessing; null before. */
    PreparedRecord prepared() {
        return prepared;
    }

    /** Its name in the engine; null while it is not there. */
    String engineKey() {
        return engineKey;
    }

    Map<String, TaskProgress> tasks() {
        return tasks;
    }

    TaskProgress task(String taskId) {
        return tasks.get(taskId);
    }

    boolean isFinished() {
        return prepared != null && tasks.values().stream().allMatch(TaskProgress::isFinished);
    }

    /** Whether a task that is not finished has tokens. */
    boolean hasTokens() {
        return tasks.values().stream().anyMatch(TaskProgress::hasTokens);
    }

    /** Whether no token and no result has come yet. */
    boolean isWaiting() {
        return tasks.values().stream().noneMatch(task -> task.hasTokens() || task.isFinished());
    }
}
