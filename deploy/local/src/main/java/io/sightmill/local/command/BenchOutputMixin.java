package io.sightmill.local.command;

import io.sightmill.llava.BenchmarkReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a measurement's figures go. */
final class BenchOutputMixin {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "One JSON object instead of the table.")
    private boolean json;

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description = "Also draw how far each target is reached, as a PNG.")
    private Path chart;

    /** To be called before anything is measured. */
    void requireSane() {
        if (chart != null && !BenchChart.canBeAt(chart)) {
            throw new ParameterException(
                    spec.commandLine(), "--chart is " + chart + ", which is in no directory");
        }
    }

    void print(BenchmarkReport report) {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (json) {
            output.println(BenchEngineJson.of(report));
        } else {
            BenchEngineTable.print(report, output);
        }
        if (chart == null) {
            return;
        }
        try {
            BenchChart.write(report, chart);
        } catch (IOException exception) {
            throw new CommandFailedException(
                    "cannot write " + chart + ": " + exception.getMessage(), exception);
        }
    }
}
