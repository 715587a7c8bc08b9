package io.sightmill.local.bench;

import io.sightmill.local.deployment.DeploymentOptions;
import io.sightmill.local.deployment.EmbeddedDeployment;
import java.util.Optional;

/** Broker, ingest, job and sinks, wherever they run. */
interface RunningPipeline extends AutoCloseable {

    /** Where Kafka clients connect. */
    String bootstrapServers();

    /** Why nothing will be answered any more, if that is so. */
    Optional<Throwable> failure();

    /** How long its checkpoints took so far, if it tells. */
    default Optional<CheckpointTimes> checkpoints() {
        return Optional.empty();
    }

    @Override
    void close();

    /**
     * @throws IllegalStateException if nothing will be answered any more
     */
    default boolean requireAlive() {
        failure()
                .ifPresent(
                        cause -> {
                            throw new IllegalStateException(
                                    "the pipeline failed: " + cause.getMessage(), cause);
                        });
        return true;
    }

    /** Each in a JVM of its own, as on a cluster. */
    static RunningPipeline asProcesses(DeploymentOptions options) {
        return PipelineProcesses.start(options);
    }

    /** All of it in this JVM. */
    static RunningPipeline inThisJvm(DeploymentOptions options) {
        EmbeddedDeployment deployment = EmbeddedDeployment.start(options);
        return new RunningPipeline() {
            @Override
            public String bootstrapServers() {
                return deployment.bootstrapServers();
            }

            @Override
            public Optional<Throwable> failure() {
                return deployment.failure();
            }

            @Override
            public void close() {
                deployment.close();
            }
        };
    }
}
