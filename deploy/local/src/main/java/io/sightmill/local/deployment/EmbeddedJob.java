package io.sightmill.local.deployment;

import io.sightmill.job.InferenceJob;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inference job on a Flink MiniCluster of this JVM. It goes on from the last completed
 * checkpoint of the data directory, whether the run before was stopped or killed: ending a run
 * needs no ceremony, because what is not in a checkpoint is not committed either.
 */
final class EmbeddedJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedJob.class);

    /** In a row; a record that fails the job is found and refused at its third failure. */
    private static final int RESTARTS = 9;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** After so long without a failure they are counted anew. */
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);

    private final JobClient client;
    private final CompletableFuture<?> end;

    private EmbeddedJob(JobClient client) {
        this.client = client;
        this.end = client.getJobExecutionResult();
    }

    /** Starts what the definition adds to the environment it is given. */
    static EmbeddedJob start(DataDirectory data, Consumer<StreamExecutionEnvironment> definition) {
        Configuration configuration = configuration(data);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        definition.accept(environment);
        try {
            return new EmbeddedJob(environment.executeAsync(InferenceJob.NAME));
        } catch (Exception exception) {
            throw new IllegalStateException("the inference job does not start", exception);
        }
    }

    private static void restart(Configuration configuration) {
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, RESTARTS);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                FIRST_PAUSE);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                LONGEST_PAUSE);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                HEALTHY);
    }

    private static Configuration configuration(DataDirectory data) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, data.checkpoints().toUri().toString());
        restart(configuration);
        // The lanes share an engine and fail together: that is one failure, not one a lane.
        configuration.set(JobManagerOptions.EXECUTION_FAILOVER_STRATEGY, "full");
        configuration.set(CoreOptions.TMP_DIRS, data.temporary().toString());
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_PORT, "0");
        recoverFrom(data, configuration);
        return configuration;
    }

    private static void recoverFrom(DataDirectory data, Configuration configuration) {
        RetainedCheckpoints retained = new RetainedCheckpoints(data.checkpoints());
        retained.deleteAllButLatest();
        retained.latest()
                .ifPresent(
                        checkpoint -> {
                            LOG.info("going on from checkpoint {}", checkpoint);
                            configuration.set(
                                    StateRecoveryOptions.SAVEPOINT_PATH,
                                    checkpoint.toUri().toString());
                            // The job owns it from now on and deletes it once it has a newer one.
                            configuration.set(
                                    StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
                        });
    }

    /** Why the job ended by itself, if it did: it has no end of its own. */
    Optional<Throwable> failure() {
        if (!end.isCompletedExceptionally()) {
            return Optional.empty();
        }
        try {
            end.getNow(null);
            return Optional.empty();
        } catch (RuntimeException exception) {
            return Optional.of(rootCause(exception));
        }
    }

    private static Throwable rootCause(Throwable throwable) {
        Throwable cause = throwable;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public void close() {
        if (end.isDone()) {
            return;
        }
        try {
            client.cancel().get(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS);
            end.get(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException exception) {
            LOG.debug("the job ended", exception);
        } catch (TimeoutException exception) {
            LOG.warn("the job did not stop within {}; it is left to the JVM's end", TIME_TO_STOP);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
    }
}
