package io.sightmill.local.command;

import io.sightmill.engine.Device;
import io.sightmill.llava.BenchmarkOptions;
import io.sightmill.llava.BenchmarkPart;
import io.sightmill.llava.BenchmarkReport;
import io.sightmill.llava.EngineBenchmark;
import io.sightmill.llava.Precision;
import io.sightmill.local.deployment.NativeThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How fast the engine is, as a share of what the machine can do. */
@Command(
        name = "engine",
        description = {
            "Measures the model's stages and the engine at work, and in the same run the read",
            "bandwidth and product rate of the library that both are built on. Nothing else should",
            "run on the machine meanwhile. Ends 0 also where a target is missed."
        },
        mixinStandardHelpOptions = true)
public final class BenchEngineCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "LLaVA checkpoint directory; default a random one of the shape 1b, which is"
                            + " written to bench/1b of the data directory (~/.sightmill, or"
                            + " SIGHTMILL_DATA) by the first run, 2.8 GB, and kept.")
    private Path model;

    @Option(
            names = "--precision",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
            defaultValue = "BFLOAT16")
    private Precision precision;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description =
                    "Measure these parts, and what they are compared with:"
                            + " ${COMPLETION-CANDIDATES}; default all.",
            completionCandidates = Parts.class)
    private List<String> only = BenchmarkPart.keys();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "Time for repetitions; default ${DEFAULT-VALUE}. The mixed load has 64 requests"
                            + " in any time, so that slow machines take longer.",
            defaultValue = "600")
    private int seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of prompts, answer lengths and arrivals; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Mixin private BenchOutputMixin output;

    /** For the help text. */
    private static final class Parts implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return BenchmarkPart.keys().iterator();
        }
    }

    @Override
    public Integer call() {
        Set<BenchmarkPart> parts = parts();
        EngineBenchmark benchmark = benchmark(parts);
        BenchmarkReport report;
        try (BenchProgress progress = new BenchProgress("engine", System.err)) {
            report = benchmark.run((part, share) -> progress.reached(part.key(), share));
        }
        output.print(report);
        return 0;
    }

    private Set<BenchmarkPart> parts() {
        try {
            Set<BenchmarkPart> parts = EnumSet.noneOf(BenchmarkPart.class);
            only.forEach(key -> parts.add(BenchmarkPart.of(key)));
            return parts;
        } catch (IllegalArgumentException exception) {
            throw wrong(exception);
        }
    }

    private EngineBenchmark benchmark(Set<BenchmarkPart> parts) {
        if (seconds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds is " + seconds + " and must be at least 1");
        }
        output.requireSane();
        Path directory = model == null ? BenchModel.standard() : model;
        try {
            EngineBenchmark benchmark =
                    new EngineBenchmark(
                            new BenchmarkOptions(
                                    directory, precision, parts, Duration.ofSeconds(seconds), seed),
                            Device.cpu());
            NativeThreads.chooseFor(directory);
            return benchmark;
        } catch (IllegalArgumentException exception) {
            throw wrong(exception);
        }
    }

    private ParameterException wrong(IllegalArgumentException exception) {
        return new ParameterException(spec.commandLine(), exception.getMessage(), exception);
    }
}
