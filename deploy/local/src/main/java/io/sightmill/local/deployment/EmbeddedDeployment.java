package io.sightmill.local.deployment;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import io.sightmill.engine.Device;
import io.sightmill.engine.ModelDescription;
import io.sightmill.ingest.IngestApplication;
import io.sightmill.ingest.IngestConfig;
import io.sightmill.job.InferenceJob;
import io.sightmill.job.JobOptions;
import io.sightmill.llava.LlavaModelProvider;
import io.sightmill.llava.LoadProgress;
import io.sightmill.schema.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of Sightmill in this JVM: a real Kafka broker, the ingest application, and the inference job
 * on a Flink MiniCluster, on a data directory that survives restarts and kills.
 *
 * <p>Model and broker start side by side, the job when both are there. Closing stops them in the
 * reverse order; nothing is lost either way.
 */
public final class EmbeddedDeployment implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDeployment.class);
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);

    /**
     * How long ids are remembered, and how long a prepared transaction waits to be committed: a run
     * that was killed may be taken up again within this time.
     */
    private static final Duration MEMORY = Duration.ofDays(7);

    private final DeploymentOptions options;

    /** What has been started, last first. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private EmbeddedBroker broker;
    private IngestApplication ingest;
    private String ingestGroup;
    private EmbeddedJob job;
    private ModelDescription model;
    private LocalImageStore images;

    private EmbeddedDeployment(DeploymentOptions options) {
        this.options = options;
    }

    /**
     * Starts everything and returns when requests are read.
     *
     * @throws io.sightmill.engine.ModelLoadException if the checkpoint is broken
     * @throws io.sightmill.broker.BrokerStartException if the data directory is in use
     * @throws DataDirectoryException if the data directory belongs to another model
     * @throws io.sightmill.ingest.IngestStartException if ingest does not start
     */
    public static EmbeddedDeployment start(DeploymentOptions options) {
        return start(options, LoadProgress.none());
    }

    /**
     * The same with somebody watching.
     *
     * @param progress hears how far the model's loading is
     */
    public static EmbeddedDeployment start(DeploymentOptions options, LoadProgress progress) {
        Logs.into(options.data().log());
        NativeThreads.chooseFor(options.model());
        EmbeddedDeployment deployment = new EmbeddedDeployment(options);
        try {
            deployment.start(progress);
            return deployment;
        } catch (RuntimeException | Error failure) {
            deployment.close();
            throw failure;
        }
    }

    private void start(LoadProgress progress) {
        LlavaModelProvider llava =
                new LlavaModelProvider(
                        options.model().toString(),
                        options.precision(),
                        options.template().orElse(null),
                        options.images(),
                        options.load());
        PreloadedModelProvider provider = new PreloadedModelProvider(llava);
        running.push(provider::discard);
        CompletableFuture<ModelDescription> loading =
                CompletableFuture.supplyAsync(
                        () ->
                                provider.load(() -> llava.open(Device.cpu(), progress))
                                        .description());
        try {
            startBroker();
            if (!loading.isCompletedExceptionally()) {
                startIngest();
            }
        } finally {
            // Whatever happened to the others: nothing is closed while it is still being loaded.
            model = join(loading);
        }
        KeptModel.of(model, options).claim(options.data());
        startJob(provider);
    }

    private void startBroker() {
        broker = EmbeddedBroker.start(BrokerOptions.in(options.data().broker()));
        running.push(broker);
        broker.createTopics(LocalTopics.all());
        LOG.info("the broker serves {}", broker.bootstrapServers());
        // The broker's lock says that no other process uses the directory.
        images = LocalImageStore.in(options.data().images(), MEMORY);
    }

    private void startIngest() {
        IngestConfig config =
                IngestConfig.of(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "state.dir",
                                options.data().ingestState().toString(),
                                "deduplication.window",
                                MEMORY.toString(),
                                // Under a name of its own the group takes it back at once after a
                                // kill, instead of waiting for the dead one's session to lapse.
                                "streams.group.instance.id",
                                "sightmill-local"));
        ingest = IngestApplication.start(config, InstantSource.system(), TIME_TO_START);
        running.push(ingest);
        ingestGroup = config.applicationId();
    }

    private void startJob(PreloadedModelProvider provider) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap-servers", broker.bootstrapServers());
        settings.put("model", options.model().toString());
        settings.put("precision", options.precision().name());
        settings.put("checkpoint-interval", options.checkpointInterval().toMillis() + " ms");
        settings.put("transaction-timeout", MEMORY.toMillis() + " ms");
        settings.put("allowed-directories", options.data().images().toString());
        options.parquet().ifPresent(path -> settings.put("parquet", path.toUri().toString()));
        JobOptions jobOptions = JobOptions.from(settings);
        job =
                EmbeddedJob.start(
                        options.data(),
                        environment -> InferenceJob.define(environment, jobOptions, provider));
        running.push(job);
        ConsumedRecords consumed =
                new ConsumedRecords(
                        broker.bootstrapServers(),
                        Map.of(
                                Topics.REQUESTS, ingestGroup,
                                Topics.REQUESTS_LIVE, jobOptions.groupId(),
                                Topics.REQUESTS_BULK, jobOptions.groupId()));
        running.push(consumed);
        consumed.deleteRegularly();
    }

    private static ModelDescription join(CompletableFuture<ModelDescription> loading) {
        try {
            return loading.join();
        } catch (CompletionException exception) {
            throw exception.getCause() instanceof RuntimeException cause ? cause : exception;
        }
    }

    /** Where Kafka clients connect. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Where large images wait. */
    public LocalImageStore images() {
        return images;
    }

    /** The model that answers. */
    public ModelDescription model() {
        return model;
    }

    /** Why nothing will be answered any more, if that is so. */
    public Optional<Throwable> failure() {
        return job.failure().or(ingest::failure);
    }

    /** Stops everything; may be called more than once, and by another thread. */
    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            try (AutoCloseable closing = running.pop()) {
                LOG.debug("closing {}", closing);
            } catch (Exception exception) {
                LOG.warn("could not close everything", exception);
            }
        }
    }
}
