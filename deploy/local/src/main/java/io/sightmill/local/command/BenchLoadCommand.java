package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.engine.Device;
import io.sightmill.llava.LoadMeasurement;
import io.sightmill.llava.Precision;
import io.sightmill.llava.ProcessMemory;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Time and memory that a checkpoint takes to load, and to the first token. */
@Command(
        name = "load",
        description = {
            "Loads a checkpoint, answers an image with one token, and says what it took. Anonymous",
            "memory is the process's own; pages of mapped files are counted apart."
        },
        mixinStandardHelpOptions = true)
public final class BenchLoadCommand implements Callable<Integer> {

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

    @Option(names = "--json", description = "A JSON object instead of lines.")
    private boolean json;

    @Override
    public Integer call() {
        LoadMeasurement measurement = measure();
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (json) {
            output.println(asJson(measurement));
        } else {
            print(measurement, output);
        }
        return 0;
    }

    private LoadMeasurement measure() {
        try (LoadingBar bar = json ? LoadingBar.hidden() : LoadingBar.onTerminal()) {
            return LoadMeasurement.take(model, precision, bar, Device.cpu());
        }
    }

    private void print(LoadMeasurement measurement, PrintStream output) {
        output.printf(
                Locale.ROOT, "weights                      %s%n", gib(measurement.weightBytes()));
        output.printf(
                Locale.ROOT, "load                         %.1f s%n", seconds(measurement.load()));
        output.printf(
                Locale.ROOT,
                "first token                  %.1f s%n",
                seconds(measurement.firstToken()));
        print("while loading", measurement.whileLoading(), output);
        print("until the first token", measurement.untilFirstToken(), output);
    }

    private static void print(String when, Optional<ProcessMemory> peak, PrintStream output) {
        output.printf(
                "peak %-23s %s%n",
                when,
                peak.map(
                                memory ->
                                        "%s anonymous, %s of mapped files"
                                                .formatted(
                                                        gib(memory.anonymousBytes()),
                                                        gib(memory.fileBytes())))
                        .orElse("not known: this system has no /proc/self/status"));
    }

    private ObjectNode asJson(LoadMeasurement measurement) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("precision", precision.name().toLowerCase(Locale.ROOT));
        line.put("weightBytes", measurement.weightBytes());
        line.put("loadSeconds", seconds(measurement.load()));
        line.put("firstTokenSeconds", seconds(measurement.firstToken()));
        put(line, "peakWhileLoading", measurement.whileLoading());
        put(line, "peakUntilFirstToken", measurement.untilFirstToken());
        return line;
    }

    private static void put(ObjectNode line, String name, Optional<ProcessMemory> peak) {
        if (peak.isEmpty()) {
            line.putNull(name);
            return;
        }
        line.putObject(name)
                .put("anonymousBytes", peak.get().anonymousBytes())
                .put("mappedFileBytes", peak.get().fileBytes());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
    }
}
