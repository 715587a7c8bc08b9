package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.Device;
import io.sightmill.llava.GoldenCaseVerifier;
import io.sightmill.llava.GoldenResult;
import io.sightmill.llava.Precision;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a checkpoint's run with what the reference implementation recorded. */
@Command(
        name = "verify-model",
        description = {
            "Runs golden cases of a checkpoint and compares with the reference: projector output,",
            "logits, generated ids. Ends 0 only if every case is within its limits."
        },
        mixinStandardHelpOptions = true)
public final class VerifyModelCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL_DIR", description = "A LLaVA checkpoint directory.")
    private Path model;

    @Option(
            names = "--case",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Safetensors files of recorded runs.")
    private List<Path> cases;

    @Option(
            names = "--precision",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
            defaultValue = "FLOAT32")
    private Precision precision;

    @Mixin private LoadMixin load;

    @Option(names = "--json", description = "One JSON object a case instead of the table.")
    private boolean json;

    @Override
    public Integer call() {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (GoldenCaseVerifier verifier = open()) {
            boolean holds = true;
            for (Path file : cases) {
                GoldenResult result = verifier.verify(file);
                output.println(json ? asJson(result) : asLine(result));
                holds &= result.holds();
            }
            return holds ? 0 : 1;
        }
    }

    private GoldenCaseVerifier open() {
        try (LoadingBar bar = json ? LoadingBar.hidden() : LoadingBar.onTerminal()) {
            return new GoldenCaseVerifier(model, precision, load.options(), bar, Device.cpu());
        }
    }

    private static String asLine(GoldenResult result) {
        return String.format(
                Locale.ROOT,
                "%-24s projector %s  logits %s  generated logits %s  ids %d/%d equal  %s",
                result.caseName(),
                text(result.projectorDifference()),
                text(result.logitsDifference()),
                text(result.generatedLogitsDifference()),
                result.equalIds(),
                result.generatedIds(),
                result.holds() ? "ok" : "FAILED");
    }

    private static String text(OptionalDouble difference) {
        return difference.isPresent()
                ? String.format(Locale.ROOT, "%.2e", difference.getAsDouble())
                : "       -";
    }

    private static ObjectNode asJson(GoldenResult result) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("case", result.caseName());
        put(line, "projectorDifference", result.projectorDifference());
        put(line, "logitsDifference", result.logitsDifference());
        put(line, "generatedLogitsDifference", result.generatedLogitsDifference());
        line.put("generatedIds", result.generatedIds()).put("equalIds", result.equalIds());
        line.put("idsEqual", result.idsEqual()).put("holds", result.holds());
        line.putObject("limits")
                .put("projector", result.limits().projector())
                .put("logits", result.limits().logits());
        return line;
    }

    private static void put(ObjectNode line, String name, OptionalDouble difference) {
        if (difference.isPresent()) {
            line.put(name, difference.getAsDouble());
        } else {
            line.putNull(name);
        }
    }
}
