package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.Device;
import io.sightmill.llava.MixtureEvents;
import io.sightmill.llava.MixtureReport;
import io.sightmill.llava.MixtureVerifier;
import io.sightmill.llava.Precision;
import io.sightmill.local.deployment.NativeThreads;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves that what a request gives does not depend on what it runs with. */
@Command(
        name = "verify-engine",
        description = {
            "Runs random requests alone and then all of them in random mixtures: other batch sizes,",
            "arrival times, cache hits, preemptions, snapshots and restores, beside requests that",
            "are cancelled, late or fail. Compares every token, label score and vector bit for bit.",
            "Ends 0 only if all are equal."
        },
        mixinStandardHelpOptions = true)
public final class VerifyEngineCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL_DIR",
            arity = "0..1",
            description = "A LLaVA checkpoint directory; default the one with random weights.")
    private Path model = DeploymentMixin.randomModel();

    @Option(
            names = "--precision",
            paramLabel = "P",
            split = ",",
            description = "One or more of ${COMPLETION-CANDIDATES}; default all.")
    private List<Precision> precisions = Arrays.asList(Precision.values());

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Requests, of one task or several; default ${DEFAULT-VALUE}.",
            defaultValue = "50")
    private int requests;

    @Option(
            names = "--mixtures",
            paramLabel = "N",
            description = "How often all of them run together; default ${DEFAULT-VALUE}.",
            defaultValue = "200")
    private int mixtures;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of requests and mixtures; default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(names = "--json", description = "One JSON object a precision instead of lines.")
    private boolean json;

    @Override
    public Integer call() {
        MixtureVerifier verifier = verifier();
        NativeThreads.chooseFor(model);
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean holds = true;
        for (Precision precision : precisions) {
            MixtureReport report = verify(verifier, precision);
            output.println(json ? asJson(report) : asLines(report));
            holds &= report.holds();
        }
        return holds ? 0 : 1;
    }

    private MixtureVerifier verifier() {
        try {
            return new MixtureVerifier(model, requests, mixtures, seed);
        } catch (IllegalArgumentException exception) {
            throw new ParameterException(spec.commandLine(), exception.getMessage(), exception);
        }
    }

    private static MixtureReport verify(MixtureVerifier verifier, Precision precision) {
        try (BenchProgress progress = new BenchProgress(name(precision), System.err)) {
            return verifier.verify(precision, Device.cpu(), progress::reached);
        }
    }

    private static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    private static String asLines(MixtureReport report) {
        MixtureEvents events = report.events();
        String lines =
                String.format(
                        Locale.ROOT,
                        "%-9s %d requests (%d sequences) alone and in %d mixtures: %s%n"
                                + "          %d steps of up to %d sequences, %d records that came during"
                                + " one, %d preemptions,%n"
                                + "          %d restores, %d tokens replayed,"
                                + " %d positions copied, images %d found and %d encoded;"
                                + " others: %d cancelled, %d late, %d failed",
                        name(report.precision()),
                        report.requests(),
                        report.sequences(),
                        report.mixtures(),
                        report.holds() ? "all equal" : report.unequal() + " DIFFER",
                        events.steps(),
                        events.mostRunning(),
                        events.latecomers(),
                        events.preemptions(),
                        events.restores(),
                        events.replayedTokens(),
                        events.cachedTokens(),
                        events.imageHits(),
                        events.imageMisses(),
                        events.cancelled(),
                        events.late(),
                        events.failed());
        return report.differences().stream().reduce(lines, (all, line) -> all + "\n  " + line);
    }

    private static ObjectNode asJson(MixtureReport report) {
        MixtureEvents events = report.events();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("precision", name(report.precision()));
        object.put("requests", report.requests()).put("sequences", report.sequences());
        object.put("mixtures", report.mixtures()).put("holds", report.holds());
        object.put("unequal", report.unequal());
        report.differences().forEach(object.putArray("differences")::add);
        object.put("steps", events.steps()).put("mostRunning", events.mostRunning());
        object.put("latecomers", events.latecomers());
        object.put("preemptions", events.preemptions()).put("restores", events.restores());
        object.put("replayedTokens", events.replayedTokens());
        object.put("cachedTokens", events.cachedTokens());
        object.put("imageHits", events.imageHits()).put("imageMisses", events.imageMisses());
        object.put("cancelled", events.cancelled()).put("late", events.late());
        return object.put("failed", events.failed());
    }
}
