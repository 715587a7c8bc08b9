package io.sightmill.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.schema.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part of the pipeline as a process, and each of them through a SIGKILL. */
class ProcessClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path MODEL = Path.of("model/sightmill-tiny");

    @TempDir private Path directory;

    @Test
    void requestsAreAnsweredBetweenTheDeathsOfAllProcesses() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.in(directory)) {
            ClusterProcess broker = cluster.startBroker(1);
            ClusterProcess jobManager = cluster.startJobManager();
            ClusterProcess taskManager = cluster.startTaskManager("taskmanager-1");
            ClusterProcess ingest = cluster.startIngest();
            submit(cluster, Optional.empty());
            assertAnswered(cluster, "first");

            taskManager.kill();
            taskManager.start(PATIENCE);
            assertAnswered(cluster, "after a TaskManager's death");

            ingest.kill();
            ingest.start(PATIENCE);
            assertAnswered(cluster, "after ingest's death");

            broker.kill();
            broker.start(PATIENCE);
            assertAnswered(cluster, "after the broker's death");

            jobManager.kill();
            jobManager.start(PATIENCE);
            submit(cluster, cluster.latestCheckpoint());
            assertAnswered(cluster, "after the JobManager's death");
        }
    }

    private static JobClient submit(ProcessCluster cluster, Optional<Path> checkpoint) {
        JobOptions options =
                JobOptions.from(
                        Map.of(
                                "bootstrap-servers", cluster.bootstrapServers(),
                                "model", MODEL.toAbsolutePath().toString(),
                                "checkpoint-interval", "500ms"));
        return cluster.submit(
                InferenceJob.NAME,
                environment -> {
                    environment.setParallelism(1);
                    InferenceJob.define(environment, options);
                },
                checkpoint);
    }

    private static void assertAnswered(ProcessCluster cluster, String requestId)
            throws IOException {
        TestRequests requests = TestRequests.to(cluster);
        requests.send(Topics.REQUESTS, requestId, "What is it?");
        await(requestId)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(requests.answered()).containsOnlyOnce(requestId));
    }
}
