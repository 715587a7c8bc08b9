package io.sightmill.local.cluster;

import io.sightmill.broker.EmbeddedBroker;
import io.sightmill.broker.TopicCreation;
import io.sightmill.ingest.IngestMain;
import io.sightmill.local.deployment.RetainedCheckpoints;
import io.sightmill.schema.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Broker, JobManager, TaskManagers and ingest as processes of this machine, on one directory. They
 * run what a cluster runs, Flink's own main classes included, with this JVM's class path.
 *
 * <p>Closing kills what this cluster started and nothing else; the same happens when this JVM ends
 * in any way. Everything listens on the loopback address, on ports that were free.
 */
public final class ProcessCluster implements AutoCloseable {

    /** How long a process may take to do its work, on a machine that is busy. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String REGISTERED = "Successful registration at resource manager";
    private static final String INGEST_READS = "ingest reads ";

    private final Path directory;
    private final List<String> jvmOptions;
    private final boolean isEngineFirst;
    private final ClusterSettings settings;
    private final FlinkRest rest;
    private final Map<String, ClusterProcess> processes = new LinkedHashMap<>();

    private ProcessCluster(
            Path directory,
            Map<String, String> flinkSettings,
            boolean isEngineFirst,
            List<String> jvmOptions) {
        this.directory = directory.toAbsolutePath().normalize();
        this.jvmOptions = List.copyOf(jvmOptions);
        this.isEngineFirst = isEngineFirst;
        this.settings = new ClusterSettings(this.directory, flinkSettings);
        this.rest = new FlinkRest(settings.restPort());
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "cluster-close"));
    }

    /** A cluster for tests: its processes compile quickly rather than well. */
    public static ProcessCluster in(Path directory) {
        return in(directory, Map.of(), List.of("-XX:TieredStopAtLevel=1"));
    }

    /**
     * @param flinkSettings of JobManager and TaskManagers, over those of the harness
     * @param jvmOptions of every process, over those of the harness
     */
    public static ProcessCluster in(
            Path directory, Map<String, String> flinkSettings, List<String> jvmOptions) {
        return new ProcessCluster(directory, flinkSettings, false, jvmOptions);
    }

    /**
     * A cluster whose TaskManagers have the processors first, as they have where broker and ingest
     * are on machines of their own. The JobManager is not put behind them: it does little, and
     * every checkpoint waits for it.
     *
     * @param flinkSettings of JobManager and TaskManagers, over those of the harness
     * @param jvmOptions of every process, over those of the harness
     */
    public static ProcessCluster withEngineFirst(
            Path directory, Map<String, String> flinkSettings, List<String> jvmOptions) {
        return new ProcessCluster(directory, flinkSettings, true, jvmOptions);
    }

    /** Starts the broker and creates the topics that do not exist. */
    public ClusterProcess startBroker(int partitions) {
        ClusterProcess broker =
                add("broker", () -> broker(), process -> process.log().contains(BrokerMain.READY))
                        .start(PATIENCE);
        TopicCreation.createMissing(
                bootstrapServers(),
                Topics.all().stream()
                        .map(topic -> new NewTopic(topic, partitions, (short) 1))
                        .toList());
        return broker;
    }

    /** Where Kafka clients connect; the same for every life of the broker. */
    public String bootstrapServers() {
        return EmbeddedBroker.runningIn(directory.resolve("broker"))
                .orElseThrow(() -> new IllegalStateException("the broker does not run"));
    }

    public ClusterProcess startJobManager() {
        return add(
                        "jobmanager",
                        () ->
                                coordinating(
                                        FlinkPrograms.jobManager(
                                                directory.resolve("jobmanager"),
                                                settings.jobManager(),
                                                jvm())),
                        process -> rest.answers())
                .start(PATIENCE);
    }

    /** One with one slot and nothing special. */
    public ClusterProcess startTaskManager(String name) {
        return startTaskManager(name, Map.of(), Map.of());
    }

    /**
     * Returns when it is registered with the JobManager.
     *
     * @param own Flink settings of this one alone
     * @param environment variables of its process
     */
    public ClusterProcess startTaskManager(
            String name, Map<String, String> own, Map<String, String> environment) {
        return addTaskManager(name, own, environment).start(PATIENCE);
    }

    /** The same, not started yet: several start sooner side by side. */
    public ClusterProcess addTaskManager(
            String name, Map<String, String> own, Map<String, String> environment) {
        return add(
                name,
                () ->
                        FlinkPrograms.taskManager(
                                directory.resolve(name),
                                settings.taskManager(name, own),
                                environment,
                                jvm()),
                process -> process.log().contains(REGISTERED));
    }

    /** Returns when ingest reads requests. */
    public ClusterProcess startIngest() {
        return add("ingest", this::ingest, process -> process.log().contains(INGEST_READS))
                .start(PATIENCE);
    }

    /**
     * Submits a job as Flink's command line does, over REST.
     *
     * @param definition adds the job to the environment it is given
     * @param from a checkpoint or savepoint to go on from, and its claim mode
     * @return talks to the job for as long as this JobManager lives
     */
    public JobClient submit(
            String name, Consumer<StreamExecutionEnvironment> definition, Optional<Path> from) {
        Configuration configuration = new Configuration();
        configuration.set(DeploymentOptions.TARGET, "remote");
        configuration.set(DeploymentOptions.ATTACHED, false);
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.PORT, settings.restPort());
        from.ifPresent(
                path ->
                        configuration.set(
                                StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString()));
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(configuration);
        definition.accept(environment);
        try {
            return environment.executeAsync(name);
        } catch (Exception exception) {
            throw new IllegalStateException("cannot submit " + name, exception);
        }
    }

    /**
     * The checkpoint or savepoint completed last, by whichever job: what a job must go on from. An
     * older one would repeat what was committed after it.
     */
    public Optional<Path> latestCheckpoint() {
        return new RetainedCheckpoints(directory.resolve("checkpoints")).latestOr(savepoints());
    }

    /** Where savepoints may go. */
    public Path savepoints() {
        return directory.resolve("savepoints");
    }

    /** What the JobManager tells. */
    public FlinkRest rest() {
        return rest;
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    /** Kills all that runs, the last started first; may be called more than once. */
    @Override
    public void close() {
        List<ClusterProcess> all;
        synchronized (processes) {
            all = new ArrayList<>(processes.values());
        }
        for (int index = all.size() - 1; index >= 0; index--) {
            all.get(index).close();
        }
    }

    private ClusterProcess add(
            String name, Supplier<JavaProgram> program, Predicate<ClusterProcess> isReady) {
        ClusterProcess process = new ClusterProcess(name, program, isReady, logs());
        synchronized (processes) {
            if (processes.putIfAbsent(name, process) != null) {
                throw new IllegalStateException(name + " is part of the cluster already");
            }
        }
        return process;
    }

    private JavaProgram broker() {
        return besideEngine(
                new JavaProgram(
                        BrokerMain.class.getName(),
                        ClassPaths.all(),
                        jvm("-Xmx256m"),
                        Map.of(),
                        List.of(directory.resolve("broker").toString())));
    }

    private JavaProgram ingest() {
        return besideEngine(
                new JavaProgram(
                        IngestMain.class.getName(),
                        ClassPaths.all(),
                        jvm("-Xmx256m"),
                        Map.of(),
                        List.of(
                                "bootstrap.servers=" + bootstrapServers(),
                                "state.dir=" + directory.resolve("ingest"),
                                // Under a name of its own the group takes it back at once after a
                                // kill, instead of waiting for the dead one's session to lapse.
                                "streams.group.instance.id=sightmill")));
    }

    private JavaProgram coordinating(JavaProgram program) {
        return isEngineFirst ? program.compiledQuickly() : program;
    }

    private JavaProgram besideEngine(JavaProgram program) {
        return isEngineFirst ? program.second() : program;
    }

    private List<String> jvm(String... more) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "-XX:+UseSerialGC",
                                "-Djava.awt.headless=true",
                                "-Dlog4j.configurationFile=log4j2-process.xml",
                                "-Dai.djl.offline=true",
                                "-Dai.djl.pytorch.num_threads=1"));
        // Of two settings of the same property the JVM takes the last.
        options.addAll(jvmOptions);
        options.addAll(List.of(more));
        return options;
    }
}
