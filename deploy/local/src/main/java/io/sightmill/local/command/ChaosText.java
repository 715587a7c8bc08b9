package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.local.chaos.ChaosReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a run of the suite found, for a person or for a machine. */
final class ChaosText {

    private ChaosText() {}

    static void print(ChaosReport report, PrintStream output, boolean json) {
        if (json) {
            output.println(asJson(report));
        } else {
            asLines(report, output);
        }
    }

    private static void asLines(ChaosReport report, PrintStream output) {
        String disturbances =
                report.disturbances().entrySet().stream()
                        .filter(entry -> entry.getValue() > 0)
                        .map(entry -> entry.getKey().words() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
        line(output, "requests", "%d, outcomes %d", report.requests(), report.outcomes());
        line(output, "disturbances", "%s", disturbances.isEmpty() ? "none" : disturbances);
        line(output, "lost", "%d", report.lost());
        line(output, "duplicated", "%d", report.duplicated());
        line(output, "different", "%d", report.different());
        line(output, "unexpected", "%d", report.unexpected());
        line(output, "resumed tokens", "%d or more", report.resumedTokens());
        line(
                output,
                "recovery time",
                "p50 %.1f s, max %.1f s (signal to the recovered pipeline's first outcome)",
                seconds(report.recovery(0.5)),
                seconds(report.recovery(1)));
        line(
                output,
                "checkpoints",
                "%d, p50 %d ms, p99 %d ms, max %d ms, at most %.1f KB",
                report.checkpointMillis().size(),
                report.checkpointMillis(0.5),
                report.checkpointMillis(0.99),
                report.checkpointMillis(1),
                report.largestCheckpointBytes() / 1e3);
        line(output, "longest answer", "%.1f s", seconds(report.longestAnswer()));
        line(
                output,
                "time",
                "undisturbed %.1f s, disturbed %.1f s",
                seconds(report.undisturbed()),
                seconds(report.disturbed()));
        line(output, "exactly once", "%s", report.holds() ? "yes" : "NO");
    }

    private static void line(PrintStream output, String name, String format, Object... values) {
        output.printf(Locale.ROOT, "%-15s " + format + "%n", prepend(name, values));
    }

    private static Object[] prepend(String name, Object[] values) {
        Object[] all = new Object[values.length + 1];
        all[0] = name;
        System.arraycopy(values, 0, all, 1, values.length);
        return all;
    }

    private static ObjectNode asJson(ChaosReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("exactlyOnce", report.holds())
                .put("requests", report.requests())
                .put("outcomes", report.outcomes())
                .put("lost", report.lost())
                .put("duplicated", report.duplicated())
                .put("different", report.different())
                .put("unexpected", report.unexpected())
                .put("resumedTokens", report.resumedTokens())
                .put("recoverySecondsP50", seconds(report.recovery(0.5)))
                .put("recoverySecondsMax", seconds(report.recovery(1)))
                .put("checkpoints", report.checkpointMillis().size())
                .put("checkpointMillisP50", report.checkpointMillis(0.5))
                .put("checkpointMillisP99", report.checkpointMillis(0.99))
                .put("checkpointMillisMax", report.checkpointMillis(1))
                .put("checkpointBytesMax", report.largestCheckpointBytes())
                .put("longestAnswerSeconds", seconds(report.longestAnswer()))
                .put("undisturbedSeconds", seconds(report.undisturbed()))
                .put("disturbedSeconds", seconds(report.disturbed()));
        ObjectNode disturbances = json.putObject("disturbances");
        report.disturbances()
                .forEach(
                        (kind, times) ->
                                disturbances.put(kind.name().toLowerCase(Locale.ROOT), times));
        return json;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
