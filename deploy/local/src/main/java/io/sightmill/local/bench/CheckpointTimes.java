package io.sightmill.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.local.cluster.FlinkRest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long the completed checkpoints of a job took, from the trigger to the last acknowledgement.
 *
 * @param count how many there were
 * @param longest where the time of the longest one went, as long as the JobManager remembers it
 */
record CheckpointTimes(
        int count, double medianMillis, double longestMillis, Optional<Longest> longest) {

    /** Setting of a JobManager that is to remember every checkpoint of a benchmark. */
    static final Map<String, String> REMEMBERED = Map.of("web.checkpoints.history", "10000");

    private static final String DURATION = "end_to_end_duration";

    /**
     * The longest checkpoint, and of its slowest subtask the times it took, one after the other.
     *
     * @param number its place among all of the job, counted from 1
     * @param beforeMillis from the trigger until the subtask began: on the way, and behind work
     * @param syncMillis in which the subtask did nothing else
     * @param asyncMillis beside the work of the subtask
     */
    record Longest(long number, double beforeMillis, double syncMillis, double asyncMillis) {

        private static Longest of(long number, JsonNode subtask) {
            JsonNode own = subtask.path("checkpoint");
            return new Longest(
                    number,
                    subtask.path("start_delay").asDouble(),
                    own.path("sync").asDouble(),
                    own.path("async").asDouble());
        }
    }

    /** What the JobManager tells of a job. */
    static CheckpointTimes told(FlinkRest rest, String jobId) {
        String path = "/jobs/" + jobId + "/checkpoints";
        JsonNode told = rest.get(path);
        JsonNode times = told.path("summary").path(DURATION);
        return new CheckpointTimes(
                told.path("counts").path("completed").asInt(),
                times.path("p50").asDouble(),
                times.path("max").asDouble(),
                slowest(completed(told.path("history")))
                        .map(checkpoint -> longest(rest, path, checkpoint.path("id").asLong())));
    }

    private static Longest longest(FlinkRest rest, String path, long number) {
        String details = path + "/details/" + number;
        String vertex = slowestVertex(rest.get(details).path("tasks"));
        JsonNode subtasks = rest.get(details + "/subtasks/" + vertex).path("subtasks");
        return Longest.of(number, slowest(subtasks).orElseThrow());
    }

    private static String slowestVertex(JsonNode tasks) {
        String slowest = "";
        for (var names = tasks.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (slowest.isEmpty() || duration(tasks.path(name)) > duration(tasks.path(slowest))) {
                slowest = name;
            }
        }
        return slowest;
    }

    /** The summary counts no others: one that failed may have taken longer. */
    private static List<JsonNode> completed(JsonNode history) {
        List<JsonNode> completed = new ArrayList<>();
        for (JsonNode checkpoint : history) {
            if (checkpoint.path("status").asText().equals("COMPLETED")) {
                completed.add(checkpoint);
            }
        }
        return completed;
    }

    private static Optional<JsonNode> slowest(Iterable<JsonNode> all) {
        JsonNode slowest = null;
        for (JsonNode one : all) {
            if (slowest == null || duration(one) > duration(slowest)) {
                slowest = one;
            }
        }
        return Optional.ofNullable(slowest);
    }

    private static double duration(JsonNode one) {
        return one.path(DURATION).asDouble();
    }
}
