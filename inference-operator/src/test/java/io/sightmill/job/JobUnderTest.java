package io.sightmill.job;

import static org.awaitility.Awaitility.await;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.flink.ModelControl;
import io.sightmill.flink.ScriptedModel;
import io.sightmill.schema.Topics;
import io.sightmill.schema.codec.RecordCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job as it ships with a scripted model, on a cluster in this JVM, one subtask a lane. */
final class JobUnderTest implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int RESTARTS = 1_000;

    private final KafkaCluster kafka;
    private final ScriptedModel.Provider model =
            new ScriptedModel.Provider(UUID.randomUUID().toString());
    private final ModelControl control = ModelControl.of(model);
    private final MiniCluster cluster;
    private final JobID job;

    private JobUnderTest(
            KafkaCluster kafka,
            Path directory,
            Configuration clusterSettings,
            Optional<Sinks> sinks,
            List<String> options)
            throws Exception {
        this.kafka = kafka;
        for (String topic : Topics.all()) {
            kafka.createTopic(topic, 1);
        }
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(clusterSettings)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(1)
                                .withRandomPorts()
                                .build());
        cluster.start();
        JobGraph graph = graph(directory, sinks, options);
        job = graph.getJobID();
        cluster.submitJob(graph).get();
        // Until its sinks are open no checkpoint begins.
        await().atMost(PATIENCE).until(this::allTasksRun);
    }

    private boolean allTasksRun() throws Exception {
        return StreamSupport.stream(
                        cluster.getExecutionGraph(job)
                                .get()
                                .getAllExecutionVertices()
                                .spliterator(),
                        false)
                .allMatch(task -> task.getExecutionState() == ExecutionState.RUNNING);
    }

    /**
     * Starts the job under names of its own.
     *
     * @param directory for checkpoints
     */
    static JobUnderTest start(KafkaCluster kafka, Path directory, String... options)
            throws Exception {
        return start(kafka, directory, new Configuration(), options);
    }

    /** The same on a cluster with these settings. */
    static JobUnderTest start(
            KafkaCluster kafka, Path directory, Configuration clusterSettings, String... options)
            throws Exception {
        return new JobUnderTest(
                kafka, directory, clusterSettings, Optional.empty(), List.of(options));
    }

    /** The same with other sinks than it ships with. */
    static JobUnderTest start(KafkaCluster kafka, Path directory, Sinks sinks, String... options)
            throws Exception {
        return new JobUnderTest(
                kafka, directory, new Configuration(), Optional.of(sinks), List.of(options));
    }

    private JobGraph graph(Path directory, Optional<Sinks> sinks, List<String> options) {
        Configuration configuration =
                new Configuration()
                        .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                        .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS)
                        .set(
                                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY,
                                Duration.ofMillis(100))
                        .set(
                                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                                directory.toUri().toString());
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        String name = "job-" + UUID.randomUUID();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--bootstrap-servers",
                                kafka.bootstrapServers(),
                                "--model",
                                "scripted",
                                "--group-id",
                                name,
                                "--transactional-id-prefix",
                                name));
        arguments.addAll(options);
        JobOptions parsed = JobOptions.fromArguments(arguments.toArray(String[]::new));
        InferenceJob.define(env, parsed, model, sinks.orElseGet(() -> InferenceJob.sinks(parsed)));
        return env.getStreamGraph().getJobGraph();
    }

    ModelControl model() {
        return control;
    }

    /** Takes a checkpoint and returns when it is complete. */
    void checkpoint() throws Exception {
        cluster.triggerCheckpoint(job).get();
    }

    /** What a reader of committed records sees. */
    <T extends SpecificRecordBase> List<T> committed(String topic, Class<T> type) {
        RecordCodec<T> codec = RecordCodec.of(type);
        return kafka.readAllCommitted(topic).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    @Override
    public void close() {
        control.unblock();
        cluster.cancelJob(job).join();
        await().atMost(PATIENCE)
                .until(() -> cluster.getJobStatus(job).get().isGloballyTerminalState());
        cluster.closeAsync().join();
    }
}
