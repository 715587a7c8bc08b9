package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.benchmarks.BenchmarkReport;
import io.sightmill.tuning.benchmarks.Figure;
import java.io.PrintStream;
import java.util.Locale;

/** What a published benchmark found, for people and for machines. */
final class BenchmarkText {

    private BenchmarkText() {}

    static void print(BenchmarkReport report, long bad, PrintStream output) {
        output.println(report.benchmark());
        for (Figure figure : report.figures().values()) {
            output.printf("  %-36s %12s%n", figure.name(), text(figure));
        }
        if (bad > 0) {
            output.printf(Locale.ROOT, "  %-36s %,12d%n", "bad entries, left out", bad);
        }
    }

    private static String text(Figure figure) {
        if (Double.isNaN(figure.value())) {
            return "-";
        }
        return figure.unit() == Figure.Unit.COUNT
                ? String.format(Locale.ROOT, "%,d", (long) figure.value())
                : String.format(Locale.ROOT, "%.2f %%", figure.value());
    }

    /** Percentages from 0 to 100; null where there was nothing to take them of. */
    static ObjectNode json(BenchmarkReport report, long bad) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("benchmark", report.benchmark());
        report.figures()
                .forEach(
                        (key, figure) -> {
                            if (Double.isNaN(figure.value())) {
                                object.putNull(key);
                            } else if (figure.unit() == Figure.Unit.COUNT) {
                                object.put(key, (long) figure.value());
                            } else {
                                object.put(key, figure.value());
                            }
                        });
        return object.put("badEntries", bad);
    }
}
