package io.sightmill.tuning.benchmarks;

import io.sightmill.tuning.evaluate.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds up ScienceQA, as a whole and in the parts that the literature gives. Used by one thread. */
final class ScienceMarks {

    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("naturalScience", "natural science");
        NAMES.put("socialScience", "social science");
        NAMES.put("languageScience", "language science");
        NAMES.put("textContext", "with text context");
        NAMES.put("imageContext", "with an image");
        NAMES.put("noContext", "with neither");
        NAMES.put("grades1to6", "grades 1 to 6");
        NAMES.put("grades7to12", "grades 7 to 12");
    }

    private final Map<String, Tally> groups = new LinkedHashMap<>();
    private Tally all = Tally.NONE;
    private long unanswered;
    private long unreadable;

    ScienceMarks() {
        for (String group : NAMES.keySet()) {
            groups.put(group, Tally.NONE);
        }
    }

    void mark(ScienceProblem problem, Optional<GivenAnswer> answer) {
        Optional<Character> letter = answer.flatMap(each -> ChosenLetter.in(each.text()));
        unanswered += answer.isEmpty() ? 1 : 0;
        unreadable += answer.isPresent() && letter.isEmpty() ? 1 : 0;
        boolean isRight =
                letter.isPresent()
                        && ScienceProblem.LETTERS.indexOf(letter.get()) == problem.answer();
        Tally one = new Tally(1, isRight ? 1 : 0);
        all = all.plus(one);
        for (String group : groupsOf(problem)) {
            groups.merge(group, one, Tally::plus);
        }
    }

    private static List<String> groupsOf(ScienceProblem problem) {
        List<String> groups = new ArrayList<>();
        switch (problem.subject()) {
            case "natural science" -> groups.add("naturalScience");
            case "social science" -> groups.add("socialScience");
            case "language science" -> groups.add("languageScience");
            default -> {
                // Counts in the whole only.
            }
        }
        if (!problem.hint().isEmpty()) {
            groups.add("textContext");
        }
        if (problem.hasImage()) {
            groups.add("imageContext");
        }
        if (problem.hint().isEmpty() && !problem.hasImage()) {
            groups.add("noContext");
        }
        if (problem.grade() > 0) {
            groups.add(problem.grade() <= 6 ? "grades1to6" : "grades7to12");
        }
        return groups;
    }

    BenchmarkReport report(long elsewhere) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("questions", Figure.count("questions", all.asked()));
        figures.put("right", Figure.count("right", all.right()));
        figures.put("accuracy", Figure.percent("accuracy", all.right(), all.asked()));
        groups.forEach(
                (key, tally) ->
                        figures.put(
                                key, Figure.percent(NAMES.get(key), tally.right(), tally.asked())));
        figures.put("unanswered", Figure.count("without an answer", unanswered));
        figures.put("unreadable", Figure.count("answers naming no letter", unreadable));
        figures.put("elsewhere", Figure.count("answers to other questions", elsewhere));
        return new BenchmarkReport("scienceqa", figures);
    }
}
