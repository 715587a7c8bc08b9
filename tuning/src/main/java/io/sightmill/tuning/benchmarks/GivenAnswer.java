package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.JsonLines;
import java.nio.file.Path;
import java.util.List;

/**
 * A line of an answers file, as LLaVA's authors write it: {@code {"question_id", "prompt", "text",
 * ...}}.
 *
 * @param prompt what was asked; empty where the file does not say
 * @param place file and line, for messages
 */
public record GivenAnswer(String questionId, String prompt, String text, String place) {

    /**
     * Reads a file.
     *
     * @param bad hears of lines that hold none
     * @throws io.sightmill.tuning.DataFileException if the file cannot be read at all
     */
    public static List<GivenAnswer> read(Path file, BadEntries bad) {
        return bad.readLines(file, GivenAnswer::parse);
    }

    private static GivenAnswer parse(JsonNode object, String place) {
        return new GivenAnswer(
                BenchmarkQuestion.requireId(object.get("question_id")).asText(),
                object.path("prompt").asText(""),
                JsonLines.text(object, "text"),
                place);
    }
}
