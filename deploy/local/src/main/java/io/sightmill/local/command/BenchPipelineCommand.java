package io.sightmill.local.command;

import io.sightmill.local.bench.PipelineBenchmark;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What broker, ingest, Flink and sinks cost. */
@Command(
        name = "pipeline",
        description = {
            "Answers the same requests by the bare engine, by the whole pipeline in one JVM, and by the",
            "pipeline as processes; prints the ratios, what each stage does, and how long checkpoints",
            "take. Nothing else should run on the machine meanwhile. Ends 0 also where a target is",
            "missed."
        },
        mixinStandardHelpOptions = true)
public final class BenchPipelineCommand implements Callable<Integer> {

    /** With a large model the pipeline is to be hardly felt; with a tiny one it is the work. */
    private static final double TARGET = 0.9;

    private static final double TARGET_OF_SMALL = 0.5;

    @Spec private CommandSpec spec;

    @Mixin private BenchDeploymentMixin deployment;

    @Mixin private BenchOutputMixin output;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "How many; default ${DEFAULT-VALUE}.",
            defaultValue = "600")
    private int requests;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description =
                    "How many others before them, each time, so that what is measured is not how Java"
                            + " compiles; default ${DEFAULT-VALUE}.",
            defaultValue = "600")
    private int warmUp;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "Tokens of each answer; default ${DEFAULT-VALUE}.",
            defaultValue = "16")
    private int tokens;

    @Override
    public Integer call() {
        output.requireSane();
        requireAtLeast(1, "--requests", requests);
        requireAtLeast(1, "--warm-up", warmUp);
        requireAtLeast(1, "--tokens", tokens);
        double target = deployment.isSmall() ? TARGET_OF_SMALL : TARGET;
        try (BenchProgress progress = new BenchProgress("pipeline", System.err)) {
            output.print(
                    deployment.measure(
                            options ->
                                    new PipelineBenchmark(
                                                    options,
                                                    warmUp,
                                                    requests,
                                                    tokens,
                                                    target,
                                                    progress::reached)
                                            .run()));
        }
        return 0;
    }

    private void requireAtLeast(int least, String key, int value) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), key + " is " + value + " and must be at least " + least);
        }
    }
}
