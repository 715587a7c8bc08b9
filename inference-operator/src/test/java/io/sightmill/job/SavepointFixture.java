package io.sightmill.job;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.bytes;
import static io.sightmill.flink.Requests.embed;
import static io.sightmill.flink.Requests.request;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.flink.ModelControl;
import io.sightmill.flink.ScriptedModel;
import io.sightmill.schema.Topics;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The job on a broker and a cluster of its own, and the savepoints of it that are kept: one for
 * each version of the state of requests in flight, under {@code src/test/resources/savepoints}.
 *
 * <p>When the version changes, and before anything else does, {@link #main} writes the next one:
 *
 * <pre>
 * mvn -q -pl inference-operator -am test-compile dependency:build-classpath \
 *     -Dmdep.outputFile=/tmp/classpath
 * java -cp inference-operator/target/test-classes:inference-operator/target/classes:$(cat \
 *     /tmp/classpath) io.sightmill.job.SavepointFixture \
 *     inference-operator/src/test/resources/savepoints/VERSION
 * </pre>
 *
 * {@link SavepointFixtureIT} restores every one of them.
 */
final class SavepointFixture implements AutoCloseable {

    /** The tasks that are half-way, or finished beside one that is half-way, in a fixture. */
    static final String QUESTION = "what was asked of an older version";

    static final int SHORT = 4;
    static final int LONG = 300;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final String GROUP = "savepoint-fixture";

    private final Path directory;
    private final EmbeddedBroker broker;
    private final MiniCluster cluster;
    private final ScriptedModel.Provider model =
            new ScriptedModel.Provider(UUID.randomUUID().toString());

    SavepointFixture(Path directory) throws Exception {
        this.directory = directory;
        broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
        broker.createTopics(
                Topics.all().stream()
                        .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                        .toList());
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(PARTITIONS)
                                .withRandomPorts()
                                .build());
        cluster.start();
    }

    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(arguments[0]);
        Path directory = Files.createTempDirectory("savepoint-fixture");
        try (SavepointFixture fixture = new SavepointFixture(directory)) {
            Path savepoint = fixture.write();
            Files.createDirectories(target);
            Files.copy(
                    savepoint.resolve("_metadata"),
                    target.resolve("_metadata"),
                    StandardCopyOption.REPLACE_EXISTING);
            try (var files = Files.list(savepoint)) {
                if (files.count() > 1) {
                    throw new IllegalStateException("state outside of _metadata in " + savepoint);
                }
            }
        } finally {
            FileUtils.deleteDirectoryQuietly(directory.toFile());
        }
    }

    /** A savepoint with tokens in capitals: those of the model that it was made with. */
    private Path write() throws Exception {
        control().shout();
        control().stepTakes(Duration.ofMillis(20));
        JobID job = submit(1, null);
        kafka().produce(
                        Topics.REQUESTS_LIVE,
                        null,
                        bytes(request("live", ask("long", QUESTION, LONG))));
        kafka().produce(
                        Topics.REQUESTS_BULK,
                        null,
                        bytes(
                                request(
                                        "bulk",
                                        ask("long", QUESTION, LONG),
                                        ask("short", QUESTION, SHORT),
                                        embed("vector"))));
        await().atMost(PATIENCE).until(() -> control().decodedTokens() >= 3 * LONG / 10);
        return Path.of(
                URI.create(
                        cluster.stopWithSavepoint(
                                        job,
                                        directory.resolve("savepoints").toUri().toString(),
                                        false,
                                        SavepointFormatType.CANONICAL)
                                .get()));
    }

    ModelControl control() {
        return ModelControl.of(model);
    }

    KafkaCluster kafka() {
        return KafkaCluster.at(broker.bootstrapServers());
    }

    /**
     * @param savepoint to go on from; null for a first start
     */
    JobID submit(int parallelism, Path savepoint) throws Exception {
        Configuration configuration =
                new Configuration()
                        .set(
                                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                                directory.resolve("checkpoints").toUri().toString());
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        List<String> arguments =
                List.of(
                        "--bootstrap-servers",
                        broker.bootstrapServers(),
                        "--model",
                        "scripted",
                        "--group-id",
                        GROUP,
                        "--transactional-id-prefix",
                        GROUP,
                        "--checkpoint-interval",
                        "200ms");
        InferenceJob.define(env, JobOptions.fromArguments(arguments.toArray(String[]::new)), model);
        JobGraph graph = env.getStreamGraph().getJobGraph();
        cluster.submitJob(graph).get();
        return graph.getJobID();
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().join();
        } finally {
            broker.close();
        }
    }
}
