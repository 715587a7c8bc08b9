package io.sightmill.local.command;

import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.llava.BenchmarkReport;
import java.io.PrintStream;
import java.util.Locale;

/** The engine's figures as a table. */
final class BenchEngineTable {

    private static final String ROW = "%-48s %10s  %-10s %11s  %-17s %s";

    private BenchEngineTable() {}

    static void print(BenchmarkReport report, PrintStream output) {
        output.printf(
                "%s in %s on %d thread(s)%n",
                report.model(),
                report.precision().name().toLowerCase(Locale.ROOT),
                report.threads());
        printRow(output, "", "value", "", "of roofline", "target", "reached");
        for (BenchmarkFigure figure : report.figures()) {
            printRow(
                    output,
                    figure.what(),
                    BenchEngineText.value(figure),
                    BenchEngineText.unit(figure),
                    BenchEngineText.share(figure),
                    BenchEngineText.target(figure),
                    figure.isReached().map(reached -> reached ? "yes" : "NO").orElse(""));
        }
    }

    private static void printRow(PrintStream output, Object... cells) {
        output.println(String.format(Locale.ROOT, ROW, cells).stripTrailing());
    }
}
