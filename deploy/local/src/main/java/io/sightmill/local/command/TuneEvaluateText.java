package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.evaluate.EvaluationReport;
import io.sightmill.tuning.evaluate.SceneScores;
import io.sightmill.tuning.evaluate.Tally;
import io.sightmill.tuning.instruct.Skill;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What an evaluation found, for people and for machines. */
final class TuneEvaluateText {

    /** A line of the table. */
    record Row(String name, Tally seeing, Tally blackedOut) {}

    private TuneEvaluateText() {}

    /** Every skill, and what captions name. */
    static Map<String, Row> rows(EvaluationReport report) {
        SceneScores seeing = report.seeing();
        SceneScores black = report.blackedOut();
        Map<String, Row> rows = new LinkedHashMap<>();
        for (Skill skill : Skill.values()) {
            rows.put(
                    skill.key(),
                    new Row(skill.key().replace('-', '/'), seeing.of(skill), black.of(skill)));
        }
        rows.put("namedRight", new Row("named in captions: right", seeing.named(), black.named()));
        rows.put("presentNamed", new Row("present: named", seeing.present(), black.present()));
        return rows;
    }

    static void print(EvaluationReport report, PrintStream output) {
        output.printf(
                Locale.ROOT,
                "%s on %,d scenes that no training has seen, seed %d%n",
                report.model(),
                report.scenes(),
                report.seed());
        output.printf("%-26s %8s %10s %12s%n", "", "asked", "right", "blacked out");
        for (Row row : rows(report).values()) {
            output.printf(
                    Locale.ROOT,
                    "%-26s %,8d %10s %12s%n",
                    row.name(),
                    row.seeing().asked(),
                    percent(row.seeing()),
                    percent(row.blackedOut()));
        }
    }

    /** With one decimal; a dash where nothing was asked. */
    static String percent(Tally tally) {
        return tally.asked() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f %%", 100 * tally.share());
    }

    static ObjectNode json(EvaluationReport report) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("model", report.model()).put("weightsSha256", report.weightsSha256());
        object.put("scenes", report.scenes()).put("seed", report.seed());
        rows(report)
                .forEach(
                        (key, row) -> {
                            ObjectNode figures = object.putObject(key);
                            put(figures.putObject("seeing"), row.seeing());
                            put(figures.putObject("blackedOut"), row.blackedOut());
                        });
        return object;
    }

    private static void put(ObjectNode object, Tally tally) {
        object.put("asked", tally.asked()).put("right", tally.right());
        object.put("share", tally.share());
    }
}
