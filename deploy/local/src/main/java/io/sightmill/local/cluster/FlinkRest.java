package io.sightmill.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Reads what a JobManager tells over REST. Thread-safe. */
public final class FlinkRest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String root;

    FlinkRest(int port) {
        this.root = "http://127.0.0.1:" + port;
    }

    /** Whether the JobManager serves requests. */
    public boolean answers() {
        try {
            get("/overview");
            return true;
        } catch (UncheckedIOException notThere) {
            return false;
        }
    }

    /**
     * The answer to a GET, for example of {@code /jobs/ID/checkpoints}.
     *
     * @throws UncheckedIOException if the JobManager does not answer, or not with 200
     */
    public JsonNode get(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(root + path)).timeout(TIMEOUT).build();
        try {
            var response = client.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(
                        path + ": " + response.statusCode() + " " + new String(response.body()));
            }
            return JSON.readTree(response.body());
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", exception);
        }
    }

    /** Flink's word for how the job is, for example RUNNING. */
    public String jobState(String jobId) {
        return get("/jobs/" + jobId).path("state").asText();
    }

    /** Whether every task of the job runs. */
    public boolean allTasksRun(String jobId) {
        for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
            JsonNode tasks = vertex.path("tasks");
            if (tasks.path("RUNNING").asInt() != vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return true;
    }
}
