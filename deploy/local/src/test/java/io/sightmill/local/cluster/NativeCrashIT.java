package io.sightmill.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that crashes the native library, and with it the process, among others that do not. */
class NativeCrashIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int REQUESTS = 12;
    private static final String CULPRIT = "request-5";

    @TempDir private Path directory;

    @Test
    void theRecordIsRejectedAfterThreeDeathsAndTheOthersAreAnswered() throws Exception {
        try (ProcessCluster cluster =
                ProcessCluster.in(
                        directory,
                        Map.of(),
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=" + directory.resolve("crash-%p.log")))) {
            cluster.startBroker(1);
            cluster.startJobManager();
            ClusterProcess taskManager = cluster.startTaskManager("taskmanager-1");
            TestRequests requests = TestRequests.to(cluster);
            for (String id : ids()) {
                requests.send(
                        Topics.REQUESTS_BULK,
                        id,
                        id.equals(CULPRIT) ? TinyModel.CRASH : "What is it?");
            }
            submit(cluster);

            int deaths = restartUntilRejected(requests, taskManager);

            assertThat(deaths).isEqualTo(3);
            assertThat(requests.rejections()).hasSize(1);
            Rejection rejection = requests.rejections().get(0);
            assertThat(rejection.getRequestId()).isEqualTo(CULPRIT);
            assertThat(rejection.getReason()).isEqualTo(Reason.MODEL_FAILURE);
            assertThat(rejection.getMessage())
                    .contains("the job failed 3 times")
                    .contains("SIGSEGV (0xb)");
            List<String> innocent = ids().stream().filter(id -> !id.equals(CULPRIT)).toList();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(requests.answered())
                                            .containsExactlyInAnyOrderElementsOf(innocent));
        }
    }

    private static int restartUntilRejected(TestRequests requests, ClusterProcess taskManager) {
        int deaths = 0;
        while (true) {
            await().atMost(PATIENCE)
                    .until(() -> !taskManager.isRunning() || !requests.rejections().isEmpty());
            if (taskManager.isRunning()) {
                return deaths;
            }
            deaths++;
            taskManager.start(PATIENCE);
        }
    }

    private void submit(ProcessCluster cluster) {
        JobOptions options =
                JobOptions.from(
                        Map.of(
                                "bootstrap-servers", cluster.bootstrapServers(),
                                "model", TinyModel.DIRECTORY.toString(),
                                "checkpoint-interval", "500ms"));
        cluster.submit(
                InferenceJob.NAME,
                environment -> {
                    environment.setParallelism(1);
                    InferenceJob.define(
                            environment,
                            options,
                            new TinyModel(directory.resolve("models").toString()));
                },
                Optional.empty());
    }

    private static List<String> ids() {
        return IntStream.range(0, REQUESTS).mapToObj(index -> "request-" + index).toList();
    }
}
