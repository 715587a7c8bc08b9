package io.sightmill.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.local.cluster.ProcessCluster;
import io.sightmill.local.deployment.DeploymentOptions;
import io.sightmill.local.deployment.NativeThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.execution.JobClient;

/**
 * Broker, ingest, JobManager and one TaskManager with one slot, each a JVM of its own. Used by one
 * thread.
 */
final class PipelineProcesses implements RunningPipeline {

    /** Asking costs the JobManager time, which is measured too. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final ProcessCluster cluster;
    private final JobClient job;
    private long lastLook = System.nanoTime();

    private PipelineProcesses(ProcessCluster cluster, DeploymentOptions options) {
        this.cluster = cluster;
        cluster.startBroker(1);
        cluster.startJobManager();
        cluster.startTaskManager("taskmanager");
        cluster.startIngest();
        JobOptions jobOptions = JobOptions.from(configuration(cluster, options));
        job =
                cluster.submit(
                        InferenceJob.NAME,
                        environment -> {
                            environment.setParallelism(1);
                            InferenceJob.define(environment, jobOptions);
                        },
                        Optional.empty());
    }

    static RunningPipeline start(DeploymentOptions options) {
        ProcessCluster cluster =
                ProcessCluster.withEngineFirst(
                        options.data().root().resolve("processes"),
                        CheckpointTimes.REMEMBERED,
                        List.of("-Dai.djl.pytorch.num_threads=" + NativeThreads.count()));
        try {
            return new PipelineProcesses(cluster, options);
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    private static Map<String, String> configuration(
            ProcessCluster cluster, DeploymentOptions options) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put("bootstrap-servers", cluster.bootstrapServers());
        configuration.put("model", options.model().toAbsolutePath().toString());
        configuration.put("precision", options.precision().name());
        configuration.put("checkpoint-interval", options.checkpointInterval().toMillis() + " ms");
        options.template().ifPresent(template -> configuration.put("template", template));
        return configuration;
    }

    private String id() {
        return job.getJobID().toHexString();
    }

    @Override
    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    @Override
    public Optional<Throwable> failure() {
        if (System.nanoTime() - lastLook < BETWEEN_LOOKS.toNanos()) {
            return Optional.empty();
        }
        lastLook = System.nanoTime();
        JsonNode failures =
                cluster.rest().get("/jobs/" + id() + "/exceptions").path("root-exception");
        return failures.isTextual()
                ? Optional.of(new IllegalStateException(failures.asText()))
                : Optional.empty();
    }

    @Override
    public Optional<CheckpointTimes> checkpoints() {
        return Optional.of(CheckpointTimes.told(cluster.rest(), id()));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
