package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.Device;
import io.sightmill.llava.PrecisionComparison;
import io.sightmill.llava.PrecisionMeasurement;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The table of precisions: what each costs and how far it is from float32. */
@Command(
        name = "precision",
        description = {
            "Runs the same random prompts, with and without images, in every precision and",
            "compares the logits with float32's. Needs memory for the model in float32."
        },
        mixinStandardHelpOptions = true)
public final class BenchPrecisionCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "LLaVA checkpoint directory; default the one with random weights.")
    private Path model = DeploymentMixin.randomModel();

    @Option(
            names = "--positions",
            paramLabel = "N",
            description = "Positions to compare at least; default ${DEFAULT-VALUE}.",
            defaultValue = "2000")
    private int positions;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the prompts; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(names = "--json", description = "One JSON object a precision instead of the table.")
    private boolean json;

    @Override
    public Integer call() {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrecisionComparison comparison = comparison();
        List<PrecisionMeasurement> measurements;
        try (BenchProgress progress = new BenchProgress("precision", System.err)) {
            measurements = comparison.run(progress::reached);
        }
        if (!json) {
            output.println(
                    "precision  positions  max error  rms error  same top-1  mean KL    max KL   "
                            + "  weights MiB  load s");
        }
        for (PrecisionMeasurement measurement : measurements) {
            output.println(json ? asJson(measurement) : asLine(measurement));
        }
        return 0;
    }

    private PrecisionComparison comparison() {
        try {
            return new PrecisionComparison(model, positions, seed, Device.cpu());
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    private static String asLine(PrecisionMeasurement measurement) {
        return String.format(
                Locale.ROOT,
                "%-9s  %9d  %9.2e  %9.2e  %9.2f%%  %9.2e  %9.2e  %11.1f  %6.1f",
                measurement.precision().name().toLowerCase(Locale.ROOT),
                measurement.positions(),
                measurement.mostLogitError(),
                measurement.rmsLogitError(),
                100 * measurement.agreement(),
                measurement.meanDivergence(),
                measurement.mostDivergence(),
                measurement.weightBytes() / (double) (1 << 20),
                measurement.load().toMillis() / 1e3);
    }

    private static ObjectNode asJson(PrecisionMeasurement measurement) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("precision", measurement.precision().name().toLowerCase(Locale.ROOT))
                .put("positions", measurement.positions())
                .put("maxLogitError", measurement.mostLogitError())
                .put("rmsLogitError", measurement.rmsLogitError())
                .put("top1Agreement", measurement.agreement())
                .put("meanKlDivergence", measurement.meanDivergence())
                .put("maxKlDivergence", measurement.mostDivergence())
                .put("weightBytes", measurement.weightBytes())
                .put("loadSeconds", measurement.load().toMillis() / 1e3);
    }
}
