package io.sightmill.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part of the pipeline as a process, and each of them through a SIGKILL. */
class ProcessClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path MODEL = Path.of("model/sightmill-tiny");
    private static final Path IMAGE = Path.of("examples/red-circle.png");

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
        KafkaCluster kafka = KafkaCluster.at(cluster.bootstrapServers());
        kafka.produce(
                Topics.REQUESTS,
                requestId,
                RecordCodec.of(VisionRequest.class).encode(request(requestId)));
        RecordCodec<Answer> answers = RecordCodec.of(Answer.class);
        await(requestId)
                .atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                kafka.readAllCommitted(Topics.ANSWERS).stream()
                                                        .map(kept -> answers.decode(kept.value()))
                                                        .map(Answer::getRequestId))
                                        .containsOnlyOnce(requestId));
    }

    private static VisionRequest request(String requestId) throws IOException {
        return VisionRequest.newBuilder()
                .setRequestId(requestId)
                .setImages(
                        List.of(
                                ImageSource.newBuilder()
                                        .setContent(ByteBuffer.wrap(Files.readAllBytes(IMAGE)))
                                        .build()))
                .setTasks(
                        List.of(
                                Task.newBuilder()
                                        .setTaskId("question")
                                        .setKind(TaskKind.ANSWER)
                                        .setMessages(List.of(new Message("user", "What is it?")))
                                        .setGeneration(
                                                Generation.newBuilder().setMaxNewTokens(16).build())
                                        .build()))
                .setCreatedAt(Instant.now())
                .build();
    }
}
