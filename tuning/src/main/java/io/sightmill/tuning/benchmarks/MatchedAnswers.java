package io.sightmill.tuning.benchmarks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which answer is which question's, where every question has an id of its own. */
final class MatchedAnswers {

    private MatchedAnswers() {}

    /**
     * Answers by the id of their question.
     *
     * @param bad hears of answers to no question and to one that has an answer, and of questions
     *     without any
     */
    static Map<String, GivenAnswer> byId(
            List<BenchmarkQuestion> questions, List<GivenAnswer> answers, BadEntries bad) {
        Set<String> ids = new HashSet<>();
        questions.forEach(question -> ids.add(question.key()));
        Map<String, GivenAnswer> given = new HashMap<>();
        for (GivenAnswer answer : answers) {
            if (!ids.contains(answer.questionId())) {
                bad.add(
                        "%s: answers question %s, which is not asked"
                                .formatted(answer.place(), answer.questionId()));
            } else if (given.putIfAbsent(answer.questionId(), answer) != null) {
                bad.add(
                        "%s: answers question %s a second time"
                                .formatted(answer.place(), answer.questionId()));
            }
        }
        requireAll(questions.stream().filter(each -> !given.containsKey(each.key())).toList(), bad);
        return given;
    }

    /** One message, however many there are: an answers file may just not be finished. */
    static void requireAll(List<BenchmarkQuestion> unanswered, BadEntries bad) {
        if (!unanswered.isEmpty()) {
            bad.add(
                    "%d question(s) have no answer, the first of them %s"
                            .formatted(unanswered.size(), unanswered.get(0).place()));
        }
    }
}
