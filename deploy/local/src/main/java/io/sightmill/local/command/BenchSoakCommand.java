package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.llava.Precision;
import io.sightmill.llava.SoakMeasurement;
import io.sightmill.llava.SoakPoint;
import io.sightmill.local.deployment.NativeThreads;
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

/** Memory over many requests in one process. */
@Command(
        name = "soak",
        description = {
            "Runs many requests of every kind through one engine, some of them cancelled, late or",
            "failing, and prints what memory the process takes meanwhile. Ends 0 only if it stays",
            "within 5 %% after the first tenth of the requests."
        },
        mixinStandardHelpOptions = true)
public final class BenchSoakCommand implements Callable<Integer> {

    private static final double MOST_GROWTH = 0.05;
    private static final int CURVE = 40;

    @Spec private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "LLaVA checkpoint directory; default the one with random weights.")
    private Path model = DeploymentMixin.randomModel();

    @Option(
            names = "--precision",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
            defaultValue = "BFLOAT16")
    private Precision precision;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Requests, of one task or several; default ${DEFAULT-VALUE}.",
            defaultValue = "20000")
    private int requests;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the requests; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(names = "--json", description = "One JSON object a line instead of the table.")
    private boolean json;

    @Override
    public Integer call() {
        SoakMeasurement soak = soak();
        NativeThreads.chooseFor(model);
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (!json) {
            output.println("requests   seconds  memory MiB  native MiB  tensors");
        }
        List<SoakPoint> points =
                soak.run(point -> output.println(json ? asJson(point) : asLine(point)));
        double growth = SoakMeasurement.growth(points);
        boolean holds = growth <= MOST_GROWTH;
        output.println(json ? verdict(growth, holds) : sentence(growth, holds));
        return holds ? 0 : 1;
    }

    private SoakMeasurement soak() {
        try {
            return new SoakMeasurement(model, precision, requests, seed);
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    private static String asLine(SoakPoint point) {
        double mebibytes = point.anonymousBytes() / (double) (1 << 20);
        return String.format(
                Locale.ROOT,
                "%8d  %8.1f  %10.1f  %10.1f  %7d  %s",
                point.requests(),
                point.elapsed().toMillis() / 1e3,
                mebibytes,
                point.nativeBytes() / (double) (1 << 20),
                point.tensors(),
                "#".repeat((int) Math.min(2 * CURVE, mebibytes * CURVE / 1_024)));
    }

    private static ObjectNode asJson(SoakPoint point) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("requests", point.requests())
                .put("seconds", point.elapsed().toMillis() / 1e3)
                .put("anonymousBytes", point.anonymousBytes())
                .put("nativeBytes", point.nativeBytes())
                .put("tensors", point.tensors());
    }

    private static ObjectNode verdict(double growth, boolean holds) {
        return JsonNodeFactory.instance.objectNode().put("growth", growth).put("holds", holds);
    }

    private static String sentence(double growth, boolean holds) {
        return String.format(
                Locale.ROOT,
                "memory grew by %.1f %% after the first %.0f %% of the requests: %s",
                100 * growth,
                100 * SoakMeasurement.WARM_UP,
                holds ? "ok" : "MORE than 5 %");
    }
}
