package io.sightmill.local.command;

import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.llava.BenchmarkReport;
import io.sightmill.llava.ImageReading;
import io.sightmill.llava.LoadOptions;
import io.sightmill.llava.Precision;
import io.sightmill.local.deployment.DataDirectory;
import io.sightmill.local.deployment.DeploymentOptions;
import io.sightmill.local.deployment.NativeThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The deployment that is measured: the model asked for, on a data directory of its own. */
final class BenchDeploymentMixin {

    /** Checkpoints smaller than this are there to measure the pipeline, not the model. */
    private static final long SMALL_BYTES = 256L << 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "LLaVA checkpoint directory; default the one with random weights.")
    private Path model;

    @Option(
            names = "--precision",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
            defaultValue = "FLOAT32")
    private Precision precision;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "ISO-8601",
            description = "How often answers are committed; default ${DEFAULT-VALUE}.",
            defaultValue = "PT1S")
    private Duration checkpointInterval;

    /** Measures on a new data directory, which is deleted afterwards. */
    BenchmarkReport measure(Function<DeploymentOptions, List<BenchmarkFigure>> measurement) {
        Path data = temporary();
        try {
            DeploymentOptions options = options(data);
            NativeThreads.chooseFor(options.model());
            List<BenchmarkFigure> figures = measurement.apply(options);
            return new BenchmarkReport(
                    options.model().getFileName().toString(),
                    precision,
                    NativeThreads.count(),
                    figures);
        } finally {
            delete(data);
        }
    }

    /** Whether the model is so small that the pipeline is what is measured. */
    boolean isSmall() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.mapToLong(file -> file.toFile().length()).sum() < SMALL_BYTES;
        } catch (IOException exception) {
            throw new ParameterException(
                    spec.commandLine(), "--model is " + model + ", which is no directory");
        }
    }

    private DeploymentOptions options(Path data) {
        try {
            return new DeploymentOptions(
                    new DataDirectory(data),
                    directory(),
                    ImageReading.defaults(),
                    precision,
                    Optional.empty(),
                    LoadOptions.defaults(),
                    checkpointInterval,
                    Optional.empty());
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    private Path directory() {
        return model == null ? DeploymentMixin.randomModel() : model;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("sightmill-bench");
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot create a temporary directory", exception);
        }
    }

    private static void delete(Path data) {
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException exception) {
            System.err.println("sightmill bench: left behind " + data + ": " + exception);
        }
    }
}
