package io.sightmill.sinks.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.InitContext;

/**
 * How one attempt of one subtask of a sink names its transactions: {@code
 * JOB:TOPIC/SUBTASK/ATTEMPT-n-n}, the end by Flink.
 *
 * <p>No other attempt has the same: neither a later one of the same job, nor one of the same job
 * submitted again. A transactional id has one owner, and whoever initializes it aborts what the
 * owner before had prepared (KIP-98). If attempts shared ids, a task that sleeps while it is
 * replaced would, on waking, abort what the next attempt has prepared, and Flink takes a
 * transaction whose id has moved on for one that was committed: its records would be lost.
 *
 * @param sink what all ids of the sink begin with, in every attempt and subtask; ends with the
 *     topic
 * @param subtask index of the subtask, from 0
 * @param attempt unlike that of any other attempt
 */
record TransactionalIds(String sink, int subtask, String attempt) {

    /** In no prefix of a job and in no topic, so that no sink's ids begin like another's. */
    private static final String JOB_END = ":";

    private static final String PART = "/";

    /** Two tasks of the same job and attempt number can live in different processes. */
    private static final UUID PROCESS = UUID.randomUUID();

    /** Until version 0.1 all attempts shared JOB:TOPIC:-SUBTASK-n. */
    private static final Pattern REST =
            Pattern.compile(
                    "(?:/(?<subtask>\\d{1,9})/(?<attempt>[^-/]+)|:-(?<shared>\\d{1,9}))-.*");

    TransactionalIds {
        Objects.requireNonNull(sink, "sink");
        Objects.requireNonNull(attempt, "attempt");
    }

    /** Those of the attempt that a writer or its committer belongs to. */
    static TransactionalIds of(String sink, InitContext context) {
        return of(sink, context.getJobInfo().getJobId(), context.getTaskInfo());
    }

    /** Those of the attempt that a task is. */
    static TransactionalIds of(String sink, JobID job, TaskInfo task) {
        // A job that is submitted again has another id, and counts attempts from 0 again.
        String attempt = job + PART + task.getAttemptNumber() + PART + PROCESS;
        UUID digest = UUID.nameUUIDFromBytes(attempt.getBytes(StandardCharsets.UTF_8));
        return new TransactionalIds(
                sink,
                task.getIndexOfThisSubtask(),
                "%016x".formatted(digest.getMostSignificantBits()));
    }

    /** What all ids of a sink begin with. */
    static String ofSink(String jobPrefix, String topic) {
        return jobPrefix + JOB_END + topic;
    }

    /** What the ids of this attempt begin with. */
    String prefix() {
        return sink + PART + subtask + PART + attempt;
    }

    /**
     * Whether the id is one of this sink's, of another attempt, and for this subtask to look after:
     * so that two subtasks of an attempt never look after the same, nor after each other's,
     * whatever parallelism the other attempt had.
     */
    boolean isForeign(String id, int parallelism) {
        Matcher rest = REST.matcher(id);
        if (!id.startsWith(sink) || !rest.region(sink.length(), id.length()).matches()) {
            return false;
        }
        return subtaskOf(rest) % parallelism == subtask && !attempt.equals(rest.group("attempt"));
    }

    private static int subtaskOf(Matcher rest) {
        String subtask = rest.group("subtask");
        return Integer.parseInt(subtask == null ? rest.group("shared") : subtask);
    }
}
