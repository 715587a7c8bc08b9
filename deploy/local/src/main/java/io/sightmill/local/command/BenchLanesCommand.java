package io.sightmill.local.command;

import io.sightmill.local.bench.LanesBenchmark;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What live and bulk do to each other. */
@Command(
        name = "lanes",
        description = {
            "Measures live requests at 20 %% of capacity beside a backlog of the bulk lane against",
            "an idle system, and the bulk lane beside them against itself alone, through the whole",
            "pipeline. Nothing else should run on the machine meanwhile. Ends 0 also where a target",
            "is missed."
        },
        mixinStandardHelpOptions = true)
public final class BenchLanesCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private BenchDeploymentMixin deployment;

    @Mixin private BenchOutputMixin output;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            description = "Records that wait in the bulk lane; default ${DEFAULT-VALUE}.",
            defaultValue = "5000")
    private int backlog;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "Tokens of each answer; default ${DEFAULT-VALUE}.",
            defaultValue = "16")
    private int tokens;

    @Option(
            names = "--window",
            paramLabel = "ISO-8601",
            description =
                    "How long each load is watched in all, shorter if the backlog would not last; default"
                            + " ${DEFAULT-VALUE}.",
            defaultValue = "PT60S")
    private Duration window;

    @Override
    public Integer call() {
        output.requireSane();
        require(backlog >= 1, "--backlog", backlog, "at least 1");
        require(tokens >= 2, "--tokens", tokens, "at least 2");
        require(window.compareTo(Duration.ofSeconds(1)) >= 0, "--window", window, "at least PT1S");
        try (BenchProgress progress = new BenchProgress("lanes", System.err)) {
            output.print(
                    deployment.measure(
                            options ->
                                    new LanesBenchmark(
                                                    options,
                                                    backlog,
                                                    tokens,
                                                    window,
                                                    progress::reached)
                                            .run()));
        }
        return 0;
    }

    private void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new ParameterException(
                    spec.commandLine(), key + " is " + value + " and must be " + bound);
        }
    }
}
