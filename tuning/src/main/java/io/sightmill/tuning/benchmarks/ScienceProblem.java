package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.JsonLines;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of ScienceQA's {@code problems.json} (arXiv 2209.09513).
 *
 * @param choices at most five, lettered from A
 * @param answer index of the right one
 * @param hint text that belongs to the question; empty where there is none
 * @param grade school year, 1 to 12; 0 where the file does not say
 */
record ScienceProblem(
        String id,
        String question,
        List<String> choices,
        int answer,
        String hint,
        boolean hasImage,
        String subject,
        int grade) {

    /** Letters of choices, in their order. */
    static final String LETTERS = "ABCDE";

    private static final Pattern GRADE = Pattern.compile("grade(\\d{1,2})");

    ScienceProblem {
        choices = List.copyOf(choices);
        if (choices.isEmpty() || choices.size() > LETTERS.length()) {
            throw new IllegalArgumentException(
                    "'choices' has %d entries and must have 1 to %d"
                            .formatted(choices.size(), LETTERS.length()));
        }
        if (answer < 0 || answer >= choices.size()) {
            throw new IllegalArgumentException(
                    "'answer' is %d and must be from 0 to %d"
                            .formatted(answer, choices.size() - 1));
        }
    }

    /**
     * @throws IllegalArgumentException saying what is missing or wrong
     */
    static ScienceProblem parse(String id, JsonNode entry) {
        List<String> choices = new ArrayList<>();
        JsonLines.array(entry, "choices").forEach(choice -> choices.add(choice.asText()));
        if (!entry.path("answer").isInt()) {
            throw new IllegalArgumentException("'answer' is missing or no whole number");
        }
        Matcher grade = GRADE.matcher(entry.path("grade").asText());
        return new ScienceProblem(
                id,
                JsonLines.text(entry, "question"),
                choices,
                entry.get("answer").intValue(),
                entry.path("hint").asText("").strip(),
                entry.hasNonNull("image"),
                entry.path("subject").asText(""),
                grade.matches() ? Integer.parseInt(grade.group(1)) : 0);
    }

    /** Context, question and lettered choices, in the order that LLaVA is evaluated with. */
    String prompt() {
        StringBuilder options = new StringBuilder();
        for (int index = 0; index < choices.size(); index++) {
            options.append(index == 0 ? "" : " ")
                    .append('(')
                    .append(LETTERS.charAt(index))
                    .append(") ")
                    .append(choices.get(index));
        }
        return "Context: %s\nQuestion: %s\nOptions: %s"
                .formatted(hint.isEmpty() ? "N/A" : hint, question, options)
                .replace("  ", " ")
                .strip();
    }
}
