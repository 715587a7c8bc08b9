package io.sightmill.tuning.benchmarks;

import io.sightmill.tuning.DataFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * LLaVA-Bench (arXiv 2304.08485, section 5.1): a judge scores a candidate's answers beside a
 * reference's. The relative score is the mean of the candidate's over the mean of the reference's.
 */
public final class LlavaBench implements Benchmark {

    private final List<BenchmarkQuestion> questions;

    /**
     * Reads the questions.
     *
     * @throws DataFileException if the file cannot be read, or has none
     */
    public LlavaBench(Path questionFile, BadEntries bad) {
        questions = BenchmarkQuestion.read(questionFile, bad);
        if (questions.isEmpty()) {
            bad.settle();
            throw new DataFileException(questionFile, "has no question");
        }
    }

    @Override
    public List<BenchmarkQuestion> questions() {
        return questions;
    }

    @Override
    public int maxNewTokens() {
        return 1024;
    }

    /** How many answers there are; what they are worth is for a judge to say. */
    @Override
    public BenchmarkReport score(List<GivenAnswer> answers, BadEntries bad) {
        Map<String, GivenAnswer> given = MatchedAnswers.byId(questions, answers, bad);
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("questions", Figure.count("questions", questions.size()));
        figures.put("answered", Figure.count("answered", given.size()));
        return new BenchmarkReport("llava-bench", figures);
    }

    /**
     * Relative scores of judge reviews, by category and in all.
     *
     * @param reviewFile one review a line
     * @throws DataFileException if the file cannot be read, or has no review
     */
    public static BenchmarkReport relativeScores(Path reviewFile, BadEntries bad) {
        Map<String, List<JudgeReview>> categories = new TreeMap<>();
        List<JudgeReview> all =
                bad.readLines(reviewFile, (object, place) -> JudgeReview.parse(object));
        if (all.isEmpty()) {
            bad.settle();
            throw new DataFileException(reviewFile, "has no review");
        }
        for (JudgeReview review : all) {
            if (!review.category().isEmpty()) {
                categories
                        .computeIfAbsent(review.category(), category -> new ArrayList<>())
                        .add(review);
            }
        }
        Map<String, Figure> figures = new LinkedHashMap<>();
        categories.forEach((category, reviews) -> into(figures, category, reviews));
        into(figures, "all", all);
        return new BenchmarkReport("llava-bench", figures);
    }

    /** Scores go from 1 to 10; ten times their mean is what the literature gives beside. */
    private static void into(
            Map<String, Figure> figures, String category, List<JudgeReview> reviews) {
        double reference = reviews.stream().mapToDouble(JudgeReview::reference).sum();
        double candidate = reviews.stream().mapToDouble(JudgeReview::candidate).sum();
        double most = 10.0 * reviews.size();
        figures.put(category + ".reviews", Figure.count(category + " reviews", reviews.size()));
        figures.put(
                category + ".relative",
                Figure.percent(category + " relative score", candidate, reference));
        figures.put(
                category + ".reference", Figure.percent(category + " reference", reference, most));
        figures.put(
                category + ".candidate", Figure.percent(category + " candidate", candidate, most));
    }
}
