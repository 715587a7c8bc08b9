package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a judge gave two answers, who saw the reference's first and the candidate's second.
 *
 * @param category which kind of question; empty where the file does not say
 */
record JudgeReview(String category, double reference, double candidate) {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}(\\.\\d{0,6})?");

    JudgeReview {
        if (!(reference >= 0 && candidate >= 0)
                || !Double.isFinite(reference)
                || !Double.isFinite(candidate)) {
            throw new IllegalArgumentException(
                    "the scores are %s and %s and must be 0 or more"
                            .formatted(reference, candidate));
        }
    }

    /**
     * Reads a line of a file of reviews: the scores that its {@code tuple} holds, or {@code score}
     * in older files, or the first line of the judge's own words.
     *
     * @throws IllegalArgumentException if there are none
     */
    static JudgeReview parse(JsonNode object) {
        JsonNode pair = object.has("tuple") ? object.get("tuple") : object.path("score");
        String category = object.path("category").asText("");
        Optional<double[]> scores =
                pair.isArray()
                                && pair.size() == 2
                                && pair.get(0).isNumber()
                                && pair.get(1).isNumber()
                        ? Optional.of(
                                new double[] {pair.get(0).doubleValue(), pair.get(1).doubleValue()})
                        : Optional.empty();
        // The authors write minus one for both where they could not read the judge's words.
        double[] read =
                scores.filter(both -> both[0] >= 0 && both[1] >= 0)
                        .or(() -> scoresIn(object.path("content").asText("")))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "has no two scores in 'tuple', nor in the first line of 'content'"));
        return new JudgeReview(category, read[0], read[1]);
    }

    /** The two numbers that a judge was asked to begin with, and nothing else on that line. */
    static Optional<double[]> scoresIn(String words) {
        String[] parts = words.split("\n", 2)[0].replace(',', ' ').split(" ", -1);
        if (parts.length != 2
                || !NUMBER.matcher(parts[0].strip()).matches()
                || !NUMBER.matcher(parts[1].strip()).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])});
    }
}
