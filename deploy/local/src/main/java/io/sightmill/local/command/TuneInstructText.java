package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.instruct.InstructReport;
import io.sightmill.tuning.instruct.Lesson;
import io.sightmill.tuning.instruct.SampleKind;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/** What came of a run for instruction data, for people and for machines. */
final class TuneInstructText {

    private TuneInstructText() {}

    static void print(
            InstructReport report, TeacherMixin teacher, boolean json, PrintStream output) {
        if (json) {
            output.println(asJson(report, teacher.prices()));
            return;
        }
        for (SampleKind kind : SampleKind.values()) {
            output.printf(
                    Locale.ROOT,
                    "%-14s %,12d samples%n",
                    kind.key(),
                    report.samples().getOrDefault(kind, 0L));
        }
        report.firstFailures().forEach(failure -> output.println("failed: " + failure));
        if (report.failures() > report.firstFailures().size()) {
            output.printf(
                    Locale.ROOT,
                    "failed: %,d more%n",
                    report.failures() - report.firstFailures().size());
        }
        Lesson.Usage usage = report.usage();
        if (usage.requests() > 0) {
            output.printf(
                    Locale.ROOT,
                    "teacher: %,d requests, %,d prompt tokens, %,d completion tokens%n",
                    usage.requests(),
                    usage.promptTokens(),
                    usage.completionTokens());
            printCost(usage, teacher.prices(), output);
        }
    }

    private static void printCost(
            Lesson.Usage usage, Optional<TeacherPrices> prices, PrintStream output) {
        prices.ifPresent(
                each ->
                        output.printf(
                                Locale.ROOT,
                                "cost: %.4f, at %s and %s a million tokens%n",
                                each.of(usage),
                                each.prompt(),
                                each.completion()));
        if (usage.unmetered() > 0) {
            output.printf(
                    Locale.ROOT,
                    "of %,d requests the server did not say how many tokens they took%n",
                    usage.unmetered());
        }
    }

    private static ObjectNode asJson(InstructReport report, Optional<TeacherPrices> prices) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode samples = object.putObject("samples");
        for (SampleKind kind : SampleKind.values()) {
            samples.put(kind.key(), report.samples().getOrDefault(kind, 0L));
        }
        object.put("failures", report.failures()).put("whole", report.isWhole());
        report.firstFailures().forEach(object.putArray("firstFailures")::add);
        object.put("requests", report.usage().requests());
        object.put("promptTokens", report.usage().promptTokens());
        object.put("completionTokens", report.usage().completionTokens());
        object.put("unmeteredRequests", report.usage().unmetered());
        prices.ifPresent(each -> object.put("cost", each.of(report.usage())));
        return object;
    }
}
