package io.sightmill.job;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.bytes;
import static io.sightmill.flink.Requests.embed;
import static io.sightmill.flink.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import io.sightmill.flink.ModelControl;
import io.sightmill.flink.ScriptedModel;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Topics;
import io.sightmill.schema.codec.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job as it ships, but for the model, on a real broker and a real (in-process) cluster. */
@ExtendWith(KafkaExtension.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InferenceJobIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARALLELISM = 2;

    @TempDir static Path directory;

    private static MiniCluster cluster;

    private final ScriptedModel.Provider model =
            new ScriptedModel.Provider(UUID.randomUUID().toString());
    private final ModelControl control = ModelControl.of(model);
    private final List<JobID> submitted = new ArrayList<>();
    private final String group = "group-" + UUID.randomUUID();

    @BeforeAll
    static void start(KafkaCluster kafka) throws Exception {
        for (String topic : Topics.all()) {
            kafka.createTopic(topic, PARALLELISM);
        }
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(
                                        new Configuration()
                                                .set(
                                                        JobManagerOptions
                                                                .EXECUTION_FAILOVER_STRATEGY,
                                                        "full"))
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(PARALLELISM)
                                .withRandomPorts()
                                .build());
        cluster.start();
    }

    /**
     * The topics are the job's own, so tests share them: each begins where the one before ended.
     */
    @BeforeEach
    void skipWhatOtherTestsSent(KafkaCluster kafka) throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (String topic : List.of(Topics.REQUESTS_LIVE, Topics.REQUESTS_BULK)) {
                for (int partition = 0; partition < PARALLELISM; partition++) {
                    latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
                }
            }
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            admin.listOffsets(latest)
                    .all()
                    .get()
                    .forEach(
                            (partition, end) ->
                                    ends.put(partition, new OffsetAndMetadata(end.offset())));
            admin.alterConsumerGroupOffsets(group, ends).all().get();
        }
    }

    @AfterEach
    void leaveNoJobBehind() throws Exception {
        control.unblock();
        for (JobID job : submitted) {
            if (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
                cancel(job);
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void everyRequestIsAnsweredOnceThroughAFailureOfTheEngine(KafkaCluster kafka) throws Exception {
        String run = "failure-" + UUID.randomUUID();
        control.stepTakes(Duration.ofMillis(5));
        JobID job = submit(kafka, null);
        List<String> expected = new ArrayList<>();
        for (int index = 0; index < 40; index++) {
            String topic = index % 4 == 0 ? Topics.REQUESTS_LIVE : Topics.REQUESTS_BULK;
            kafka.produce(
                    topic,
                    null,
                    bytes(
                            request(
                                    run + index,
                                    ask("short", "why " + index, 16),
                                    ask("long", "what " + index, 16 + index * 4),
                                    embed("vector"))));
            expected.add(run + index + " short " + ScriptedModel.expectedText("why " + index, 16));
            expected.add(
                    run
                            + index
                            + " long "
                            + ScriptedModel.expectedText("what " + index, 16 + index * 4));
        }
        kafka.produce(Topics.REQUESTS_BULK, null, "no record".getBytes(StandardCharsets.US_ASCII));

        await().atMost(PATIENCE).until(() -> !answers(kafka, run).isEmpty());
        control.failNextCall();

        await().atMost(PATIENCE).until(() -> answers(kafka, run).size() >= expected.size());
        cancel(job);
        assertThat(control.timesOpened()).isGreaterThan(1);
        assertThat(answers(kafka, run)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(committed(kafka, Topics.EMBEDDINGS, Embedding.class))
                .filteredOn(embedding -> embedding.getRequestId().startsWith(run))
                .hasSize(30);
        assertThat(committed(kafka, Topics.EMBEDDINGS_LIVE, Embedding.class))
                .filteredOn(embedding -> embedding.getRequestId().startsWith(run))
                .hasSize(10);
        assertThat(committed(kafka, Topics.REJECTIONS, Rejection.class))
                .extracting(Rejection::getReason)
                .contains(Reason.UNDECODABLE);
        assertThat(control.openModels()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        ScriptedModel.POISON + ", 0",
        ScriptedModel.THROWING + ", 0",
        ScriptedModel.FATAL + ", 3",
        ScriptedModel.HANGING + ", 0"
    })
    void aRecordThatTheModelFailsOnIsRejectedAndCostsOnlyItself(
            String word, int failuresOfTheJob, KafkaCluster kafka) throws Exception {
        String run = word + "-" + UUID.randomUUID();
        List<String> expected = new ArrayList<>();
        for (int index = 0; index < 24; index++) {
            String topic = index % 4 == 0 ? Topics.REQUESTS_LIVE : Topics.REQUESTS_BULK;
            String question = index == 13 ? word : "why " + index;
            kafka.produce(topic, null, bytes(request(run + index, ask("t", question, 16))));
            if (index != 13) {
                expected.add(run + index + " t " + ScriptedModel.expectedText(question, 16));
            }
        }

        JobID job = submit(kafka, null, "--step-timeout", "PT0.3S");

        await().atMost(PATIENCE).until(() -> answers(kafka, run).size() >= expected.size());
        await().atMost(PATIENCE).until(() -> rejections(kafka, run).size() == 1);
        cancel(job);
        assertThat(answers(kafka, run)).containsExactlyInAnyOrderElementsOf(expected);
        Rejection rejection = rejections(kafka, run).get(0);
        assertThat(rejection.getRequestId()).isEqualTo(run + 13);
        assertThat(rejection.getReason()).isEqualTo(Reason.MODEL_FAILURE);
        if (failuresOfTheJob == 0) {
            assertThat(control.timesOpened()).isEqualTo(1);
        } else {
            assertThat(rejection.getMessage())
                    .contains("the job failed " + failuresOfTheJob + " times")
                    .contains("the device is gone");
        }
    }

    @Test
    void aSavepointHoldsAnswersHalfWayAndTheNextJobGoesOn(KafkaCluster kafka) throws Exception {
        String run = "savepoint-" + UUID.randomUUID();
        control.stepTakes(Duration.ofMillis(50));
        JobID job = submit(kafka, null);
        kafka.produce(
                Topics.REQUESTS_LIVE, null, bytes(request(run + "r", ask("t", "question", 200))));
        await().atMost(PATIENCE).until(() -> control.decodedTokens() >= 10);

        long begin = System.nanoTime();
        String savepoint =
                cluster.stopWithSavepoint(
                                job,
                                directory.resolve("savepoints").toUri().toString(),
                                false,
                                SavepointFormatType.CANONICAL)
                        .get();
        Duration taken = Duration.ofNanos(System.nanoTime() - begin);
        awaitEnd(job);
        assertThat(answers(kafka, run)).isEmpty();

        control.stepTakes(Duration.ZERO);
        JobID next = submit(kafka, savepoint);
        await().atMost(PATIENCE).until(() -> !answers(kafka, run).isEmpty());
        cancel(next);

        assertThat(answers(kafka, run))
                .containsExactly(run + "r t " + ScriptedModel.expectedText("question", 200));
        // The answer would have taken ten seconds.
        assertThat(taken).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void checkpointsCompleteAtOnceWhileTheOperatorIsFull(KafkaCluster kafka) throws Exception {
        String run = "full-" + UUID.randomUUID();
        control.block();
        JobID job = submit(kafka, null, "--max-in-flight-requests", "2");
        for (int index = 0; index < 20; index++) {
            kafka.produce(
                    Topics.REQUESTS_BULK, null, bytes(request(run + index, ask("t", "q", 4))));
        }
        // Two a subtask: what is more waits in Kafka.
        await().atMost(PATIENCE).until(() -> control.preprocessedRequests() == 2 * PARALLELISM);

        // Until its sinks are open no checkpoint begins.
        await().atMost(PATIENCE).until(() -> allTasksRun(job));

        long begin = System.nanoTime();
        cluster.triggerCheckpoint(job).get();
        Duration taken = Duration.ofNanos(System.nanoTime() - begin);

        assertThat(taken).isLessThan(Duration.ofSeconds(2));
        assertThat(control.preprocessedRequests()).isEqualTo(2 * PARALLELISM);
        control.unblock();
        await().atMost(PATIENCE).until(() -> answers(kafka, run).size() == 20);
        cancel(job);
    }

    @Test
    void bothLanesShareOneEngineAndSourcesAreChainedToTheirOperators(KafkaCluster kafka)
            throws Exception {
        List<JobVertex> vertices = new ArrayList<>();
        graph(kafka, null).getVertices().forEach(vertices::add);

        for (String lane : List.of("live", "bulk")) {
            assertThat(vertices)
                    .filteredOn(vertex -> vertex.getName().contains("generate-" + lane))
                    .singleElement()
                    .satisfies(
                            vertex -> {
                                assertThat(vertex.getName()).contains("requests-" + lane);
                                assertThat(vertex.getInputs()).isEmpty();
                            });
        }
        assertThat(vertices)
                .extracting(vertex -> vertex.getSlotSharingGroup().getSlotSharingGroupId())
                .containsOnly(vertices.get(0).getSlotSharingGroup().getSlotSharingGroupId());

        JobID job = submit(kafka, null);
        await().atMost(PATIENCE).until(() -> control.openModels() == 1);
        await().atMost(PATIENCE).until(() -> cluster.getJobStatus(job).get() == JobStatus.RUNNING);
        cancel(job);
        assertThat(control.timesOpened()).isEqualTo(1);
        assertThat(control.openModels()).isZero();
    }

    private JobID submit(KafkaCluster kafka, String savepoint, String... more) throws Exception {
        JobGraph graph = graph(kafka, savepoint, more);
        cluster.submitJob(graph).get();
        submitted.add(graph.getJobID());
        return graph.getJobID();
    }

    private JobGraph graph(KafkaCluster kafka, String savepoint, String... more) {
        Configuration configuration =
                new Configuration()
                        .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                        .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20)
                        .set(
                                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY,
                                Duration.ofMillis(100))
                        .set(
                                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                                directory.resolve("checkpoints").toUri().toString());
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(PARALLELISM);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--bootstrap-servers",
                                kafka.bootstrapServers(),
                                "--model",
                                "scripted",
                                "--group-id",
                                group,
                                "--transactional-id-prefix",
                                group,
                                "--live-delivery",
                                "exactly-once",
                                "--checkpoint-interval",
                                "200ms"));
        arguments.addAll(List.of(more));
        InferenceJob.define(env, JobOptions.fromArguments(arguments.toArray(String[]::new)), model);
        return env.getStreamGraph().getJobGraph();
    }

    private static boolean allTasksRun(JobID job) throws Exception {
        return StreamSupport.stream(
                        cluster.getExecutionGraph(job)
                                .get()
                                .getAllExecutionVertices()
                                .spliterator(),
                        false)
                .allMatch(task -> task.getExecutionState() == ExecutionState.RUNNING);
    }

    private void cancel(JobID job) throws Exception {
        cluster.cancelJob(job).get();
        awaitEnd(job);
    }

    private void awaitEnd(JobID job) {
        await().atMost(PATIENCE)
                .until(() -> cluster.getJobStatus(job).get().isGloballyTerminalState());
        await().atMost(PATIENCE).until(() -> control.openModels() == 0);
    }

    /** Request, task and text of the committed answers of a run. */
    private static List<String> answers(KafkaCluster kafka, String run) {
        return Stream.of(Topics.ANSWERS, Topics.ANSWERS_LIVE)
                .flatMap(topic -> committed(kafka, topic, Answer.class).stream())
                .filter(answer -> answer.getRequestId().startsWith(run))
                .map(
                        answer ->
                                String.join(
                                        " ",
                                        answer.getRequestId(),
                                        answer.getTaskId(),
                                        answer.getText()))
                .toList();
    }

    private static List<Rejection> rejections(KafkaCluster kafka, String run) {
        return committed(kafka, Topics.REJECTIONS, Rejection.class).stream()
                .filter(rejection -> String.valueOf(rejection.getRequestId()).startsWith(run))
                .toList();
    }

    private static <T extends SpecificRecordBase> List<T> committed(
            KafkaCluster kafka, String topic, Class<T> type) {
        RecordCodec<T> codec = RecordCodec.of(type);
        return kafka.readAllCommitted(topic).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }
}
