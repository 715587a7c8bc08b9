package io.sightmill.ingest;

import io.sightmill.ingest.claim.ClaimCheck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ingest as it runs: the topology on Kafka Streams, exactly once, from start to close. */
public final class IngestApplication implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IngestApplication.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final KafkaStreams streams;
    private final Optional<ClaimCheck> claims;
    private final FailurePolicy failures = new FailurePolicy();
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private IngestApplication(IngestConfig config, InstantSource clock) {
        claims = config.claimCheck().open(clock);
        streams =
                new KafkaStreams(
                        IngestTopology.build(config, claims, clock), config.streamsProperties());
        streams.setUncaughtExceptionHandler(failures);
        streams.setStateListener(this::onState);
    }

    /**
     * Starts ingest and returns when it reads requests.
     *
     * @param timeout how long that may take, the check of brokers and topics included
     * @throws IngestStartException if a topic is missing, no broker answers, the time is over, or
     *     the store of images cannot be used
     */
    public static IngestApplication start(
            IngestConfig config, InstantSource clock, Duration timeout) {
        TopicCheck.require(config.topics().all(), config.bootstrapServers(), timeout);
        IngestApplication application = new IngestApplication(config, clock);
        try {
            application.streams.start();
            application.running.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("ingest reads {} as {}", config.topics().requests(), config.applicationId());
            return application;
        } catch (ExecutionException | TimeoutException | RuntimeException exception) {
            application.close();
            throw application.notStarted(timeout, exception);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            application.close();
            throw application.notStarted(timeout, exception);
        }
    }

    /** Whether requests are being read; a rebalance interrupts that for a moment. */
    public boolean isRunning() {
        return streams.state().isRunningOrRebalancing();
    }

    /** The failure that ended the application, if one did. */
    public Optional<Throwable> failure() {
        return failures.fatal();
    }

    /** Returns when the application has ended, by {@link #close} or by a failure. */
    public void awaitEnd() throws InterruptedException {
        try {
            ended.get();
        } catch (ExecutionException exception) {
            throw new IllegalStateException(exception);
        }
    }

    /** Commits what was done and stops; does nothing if it has stopped. */
    @Override
    public void close() {
        if (!streams.close(CLOSE_TIMEOUT)) {
            LOG.warn("ingest did not stop within {}", CLOSE_TIMEOUT);
        }
        claims.ifPresent(ClaimCheck::close);
    }

    private void onState(State now, State before) {
        LOG.debug("ingest goes from {} to {}", before, now);
        if (now == State.RUNNING) {
            running.complete(null);
        } else if (now.hasCompletedShutdown()) {
            running.completeExceptionally(new IngestStartException("ended while starting"));
            ended.complete(null);
        }
    }

    private IngestStartException notStarted(Duration timeout, Exception exception) {
        if (exception instanceof TimeoutException) {
            return new IngestStartException(
                    "ingest did not read requests within "
                            + timeout
                            + "; its state is "
                            + streams.state(),
                    exception);
        }
        Throwable cause = failure().orElse(exception);
        return new IngestStartException("ingest could not start: " + cause.getMessage(), cause);
    }
}
