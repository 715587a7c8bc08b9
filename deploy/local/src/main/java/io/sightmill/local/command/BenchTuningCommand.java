package io.sightmill.local.command;

import io.sightmill.llava.TrainingBenchmark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How fast models are trained on this machine. */
@Command(
        name = "tuning",
        description = {
            "Trains random samples in every stage and prints the rate of their matrix products and",
            "attention as a share of the rate at which the library multiplies large matrices. Needs",
            "16 bytes of memory a weight."
        },
        mixinStandardHelpOptions = true)
public final class BenchTuningCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @ArgGroup private Measured measured = new Measured();

    @Option(
            names = "--positions",
            paramLabel = "N",
            description = "Positions of a step; default ${DEFAULT-VALUE}.",
            defaultValue = "8192")
    private int positions;

    @Option(
            names = "--products",
            description =
                    "Number format of the matrix products, float32 or bfloat16; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "BFLOAT16")
    private LearningMixin.Products products;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            description = "Threads that share a step; default as many as the library has.",
            defaultValue = "0")
    private int lanes;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long to measure, about; default ${DEFAULT-VALUE}.",
            defaultValue = "60")
    private int seconds;

    @Mixin private BenchOutputMixin output;

    /** One of two. */
    private static final class Measured {

        @Option(names = "--model", paramLabel = "DIR", description = "LLaVA checkpoint directory.")
        private Path model;

        @Option(
                names = "--shape",
                paramLabel = "NAME",
                description =
                        "Random weights of this shape, as make-checkpoint has them; default that of"
                                + " the model in the box.")
        private String shape = "box";
    }

    @Override
    public Integer call() {
        output.requireSane();
        if (seconds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds is " + seconds + " and must be at least 1");
        }
        if (measured.model != null) {
            measure(measured.model);
            return 0;
        }
        try {
            Path scratch = Files.createTempDirectory("sightmill-bench");
            try {
                Path checkpoint = scratch.resolve(measured.shape);
                BenchModel.write(measured.shape, checkpoint);
                measure(checkpoint);
                return 0;
            } finally {
                delete(scratch);
            }
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private void measure(Path model) {
        try {
            output.print(
                    TrainingBenchmark.run(
                            model,
                            positions,
                            products == LearningMixin.Products.BFLOAT16,
                            lanes,
                            Duration.ofSeconds(seconds)));
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
