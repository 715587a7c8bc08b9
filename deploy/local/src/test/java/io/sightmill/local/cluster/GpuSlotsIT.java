package io.sightmill.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.job.MissingDevicesException;
import io.sightmill.schema.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone cluster with a discovery script that reports devices which are not there: two
 * TaskManagers with one each, one without.
 */
class GpuSlotsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 4;

    @TempDir private Path directory;

    private Path plugins;
    private ProcessCluster cluster;
    private ClusterProcess first;
    private ClusterProcess second;
    private ClusterProcess without;
    private TinyModel model;

    @BeforeEach
    void start() throws IOException {
        model = new TinyModel(directory.resolve("models").toString());
        cluster = ProcessCluster.in(directory);
        plugins = ScriptGpuDriver.writePlugin(directory.resolve("plugins"));
        cluster.startBroker(PARTITIONS);
        cluster.startJobManager();
        first = gpuTaskManager("gpu-3", "3", 1).launch();
        second = gpuTaskManager("gpu-5", "5", 1).launch();
        without = cluster.addTaskManager("without", Map.of(), Map.of()).launch();
        for (ClusterProcess taskManager : List.of(first, second, without)) {
            taskManager.awaitReady(PATIENCE);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void everySubtaskHasADeviceOfItsOwnAndAMissingOneIsNamed() throws Exception {
        JobClient two = submit(2);
        awaitAnswer("on two devices");

        assertThat(model.opened())
                .containsExactlyInAnyOrder(first.pid() + " GPU 3", second.pid() + " GPU 5");
        assertThat(taskManagersOf(two)).containsExactlyInAnyOrder("gpu-3", "gpu-5");
        two.cancel().get();

        assertThatThrownBy(() -> submit(3))
                .isInstanceOf(MissingDevicesException.class)
                .hasMessageContaining("asks for 3 of the external resource 'gpu'")
                .hasMessageContaining("the cluster has 2")
                .hasMessageContaining("gpu-3 1")
                .hasMessageContaining("without 0");

        ClusterProcess both = gpuTaskManager("gpu-0-1", "0,1", 2).start(PATIENCE);
        JobClient four = submit(4);
        awaitAnswer("on four devices");
        assertThat(model.opened())
                .hasSize(6)
                .contains(both.pid() + " GPU 0", both.pid() + " GPU 1");
        assertThat(taskManagersOf(four)).containsExactlyInAnyOrder("gpu-3", "gpu-5", "gpu-0-1");
    }

    private ClusterProcess gpuTaskManager(String name, String devices, int count)
            throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("external-resources", "gpu");
        settings.put(
                "external-resource.gpu.driver-factory.class",
                ScriptGpuDriver.Factory.class.getName());
        settings.put("external-resource.gpu.amount", Integer.toString(count));
        settings.put(
                "external-resource.gpu.param.discovery-script.path",
                discoveryScript(name, devices).toString());
        settings.put("taskmanager.numberOfTaskSlots", Integer.toString(count));
        settings.put("taskmanager.cpu.cores", Integer.toString(count));
        return cluster.addTaskManager(
                name, settings, Map.of("FLINK_PLUGINS_DIR", plugins.toString()));
    }

    private Path discoveryScript(String name, String devices) throws IOException {
        Path script = directory.resolve("discover-" + name + ".sh");
        Files.writeString(script, "#!/bin/sh\necho " + devices + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private JobClient submit(int parallelism) {
        JobOptions options =
                JobOptions.from(
                        Map.of(
                                "bootstrap-servers",
                                cluster.bootstrapServers(),
                                "model",
                                TinyModel.DIRECTORY.toString(),
                                "checkpoint-interval",
                                "500ms",
                                "device-leases",
                                directory.resolve("leases").toString(),
                                "slot-gpus",
                                "1",
                                "slot-heap-memory",
                                "128m"));
        return cluster.submit(
                InferenceJob.NAME,
                environment -> {
                    environment.configure(
                            new Configuration()
                                    .set(
                                            JobManagerOptions.SLOT_REQUEST_TIMEOUT,
                                            Duration.ofSeconds(2)));
                    environment.setParallelism(parallelism);
                    InferenceJob.define(environment, options, model);
                    awaitDevices(environment, options);
                },
                Optional.empty());
    }

    private static void awaitDevices(StreamExecutionEnvironment environment, JobOptions options) {
        try {
            InferenceJob.awaitDevices(environment, options);
        } catch (RuntimeException exception) {
            throw exception;
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }

    private void awaitAnswer(String requestId) throws IOException {
        TestRequests requests = TestRequests.to(cluster);
        requests.send(Topics.REQUESTS_BULK, requestId, "What is it?");
        await(requestId)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(requests.answered()).contains(requestId));
    }

    /** Where the job's tasks run. */
    private Set<String> taskManagersOf(JobClient job) {
        Set<String> places = new HashSet<>();
        String path = "/jobs/" + job.getJobID();
        List<JsonNode> vertices = new ArrayList<>();
        cluster.rest().get(path).path("vertices").forEach(vertices::add);
        for (JsonNode vertex : vertices) {
            cluster.rest()
                    .get(path + "/vertices/" + vertex.path("id").asText() + "/taskmanagers")
                    .path("taskmanagers")
                    .forEach(each -> places.add(each.path("taskmanager-id").asText()));
        }
        return places;
    }
}
