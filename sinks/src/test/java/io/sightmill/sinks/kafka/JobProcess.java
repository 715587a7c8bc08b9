package io.sightmill.sinks.kafka;

import io.sightmill.schema.Answer;
import io.sightmill.sinks.FailOnce;
import io.sightmill.sinks.Records;
import io.sightmill.sinks.SequenceJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.StateRecoveryOptions;

/** A job to an exactly-once Kafka sink in a JVM of its own, so that a test can kill it. */
record JobProcess(Process process) implements AutoCloseable {

    /** Slow enough to be killed in the middle. */
    private static final long PAUSE_MILLIS = 5;

    /**
     * Runs to the end of the numbers, from the checkpoint where one is given.
     *
     * @param arguments bootstrap servers, topic, count, checkpoint directory, checkpoint
     */
    public static void main(String[] arguments) throws Exception {
        Configuration configuration = SequenceJob.configuration();
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                Path.of(arguments[3]).toUri().toString());
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (arguments.length > 4) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, arguments[4]);
        }
        KafkaSinkOptions options = KafkaSinkOptions.exactlyOnce(arguments[0], "killed");
        SequenceJob.run(
                configuration,
                Long.parseLong(arguments[2]),
                Answer.class,
                Records::answer,
                new FailOnce<>("killed", PAUSE_MILLIS),
                KafkaSinks.of(options, Answer.class, arguments[1]));
    }

    static JobProcess start(String bootstrapServers, String topic, int count, Path checkpoints)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                JobProcess.class.getName(),
                                bootstrapServers,
                                topic,
                                Integer.toString(count),
                                checkpoints.toString()));
        latestCheckpoint(checkpoints).map(Path::toString).ifPresent(command::add);
        return new JobProcess(
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** The newest complete checkpoint of any run. */
    static Optional<Path> latestCheckpoint(Path checkpoints) throws IOException {
        try (Stream<Path> paths = Files.walk(checkpoints)) {
            return paths.filter(path -> path.endsWith("_metadata"))
                    .max((one, other) -> Long.compare(number(one), number(other)))
                    .map(Path::getParent);
        }
    }

    private static long number(Path metadata) {
        return Long.parseLong(metadata.getParent().getFileName().toString().replace("chk-", ""));
    }

    boolean isOver() {
        return !process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Returns the exit status of a job that ran to its end. */
    int await() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new AssertionError("the job does not end");
        }
        return process.exitValue();
    }

    /** Leaves no process behind, whatever the test found. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
