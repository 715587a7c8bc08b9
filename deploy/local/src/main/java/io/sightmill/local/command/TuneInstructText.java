package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.instruct.InstructReport;
import io.sightmill.tuning.instruct.Lesson;
import io.sightmill.tuning.instruct.SampleKind;
import java.io.PrintStream;
import java.util.Locale;

/** What came of a run for instruction data, for people and for machines. */
final class TuneInstructText {

    private TuneInstructText() {}

    static void print(
            InstructReport report, TeacherMixin teacher, boolean json, PrintStream output) {
        if (json) {
            output.println(asJson(report));
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
        }
    }

    private static ObjectNode asJson(InstructReport report) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode samples = object.putObject("samples");
        for (SampleKind kind : SampleKind.values()) {
            samples.put(kind.key(), report.samples().getOrDefault(kind, 0L));
        }
        object.put("failures", report.failures()).put("whole", report.isWhole());
        report.firstFailures().forEach(object.putArray("firstFailures")::add);
        object.put("requests", report.usage().requests());
        object.put("promptTokens", report.usage().promptTokens());
        return object.put("completionTokens", report.usage().completionTokens());
    }
}
