package io.sightmill.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.local.cluster.FlinkRest;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the JobManager tells about the job over a run: completed checkpoints, and tokens that came
 * out of one. Looks now and then, so the tokens of a task that restarts between two looks are
 * missed: the sum is a lower bound. Used by one thread.
 */
final class JobWatch {

    private static final String RESUMED = "resumedTokens";

    private final FlinkRest rest;
    private final Set<String> seen = new HashSet<>();
    private final List<Long> checkpointMillis = new ArrayList<>();
    private final NavigableMap<Long, Long> completedByBegin = new TreeMap<>();
    private final Map<String, Long> lastResumed = new HashMap<>();
    private long resumedTokens;
    private long largestCheckpointBytes;

    JobWatch(FlinkRest rest) {
        this.rest = rest;
    }

    /** Looks once; does nothing while no JobManager answers. */
    void look(String jobId) {
        try {
            checkpoints(jobId);
            metrics(jobId);
        } catch (UncheckedIOException notThere) {
            // It was killed, or does not know the job yet.
        }
    }

    /** End to end, of every completed checkpoint. */
    List<Long> checkpointMillis() {
        return List.copyOf(checkpointMillis);
    }

    /**
     * When the first checkpoint was complete that began after a time, if there is one; milliseconds
     * since 1970.
     */
    OptionalLong completionOfFirstBegunAfter(long time) {
        Map.Entry<Long, Long> first = completedByBegin.higherEntry(time);
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.getValue());
    }

    long largestCheckpointBytes() {
        return largestCheckpointBytes;
    }

    long resumedTokens() {
        return resumedTokens;
    }

    private void checkpoints(String jobId) {
        for (JsonNode checkpoint : rest.get("/jobs/" + jobId + "/checkpoints").path("history")) {
            boolean isCompleted = checkpoint.path("status").asText().equals("COMPLETED");
            if (isCompleted && seen.add(jobId + " " + checkpoint.path("id").asText())) {
                completed(checkpoint);
                largestCheckpointBytes =
                        Math.max(largestCheckpointBytes, checkpoint.path("state_size").asLong());
            }
        }
    }

    private void completed(JsonNode checkpoint) {
        checkpointMillis.add(checkpoint.path("end_to_end_duration").asLong());
        // A savepoint belongs to the job before a disturbance, or is the disturbance.
        if (!checkpoint.path("is_savepoint").asBoolean()) {
            completedByBegin.put(
                    checkpoint.path("trigger_timestamp").asLong(),
                    checkpoint.path("latest_ack_timestamp").asLong());
        }
    }

    private void metrics(String jobId) {
        for (JsonNode vertex : rest.get("/jobs/" + jobId).path("vertices")) {
            if (!vertex.path("name").asText().contains("generate-")) {
                continue;
            }
            String path = "/jobs/" + jobId + "/vertices/" + vertex.path("id").asText() + "/metrics";
            List<String> names = new ArrayList<>();
            for (JsonNode metric : rest.get(path)) {
                if (metric.path("id").asText().endsWith(RESUMED)) {
                    names.add(metric.path("id").asText());
                }
            }
            if (!names.isEmpty()) {
                for (JsonNode metric : rest.get(path + "?get=" + String.join(",", names))) {
                    resumed(path + metric.path("id").asText(), metric.path("value").asLong());
                }
            }
        }
    }

    /** A counter that fell belongs to a new attempt of the task. */
    private void resumed(String counter, long value) {
        long last = lastResumed.getOrDefault(counter, 0L);
        resumedTokens += value >= last ? value - last : value;
        lastResumed.put(counter, value);
    }
}
