package io.sightmill.tuning.benchmarks;

import java.util.List;

/**
 * Ten people's answers to a question of TextVQA. An answer is worth what it agrees with the others
 * of each of them left out in turn: 0.3, 0.6 and 0.9 for one, two and three votes, 1 for more.
 *
 * @param votes normalised
 */
record VotedAnswers(List<String> votes) {

    private static final int VOTERS = 10;
    private static final double ENOUGH = 3;

    VotedAnswers {
        if (votes.size() != VOTERS) {
            throw new IllegalArgumentException(
                    "'answers' has %d entries and must have %d".formatted(votes.size(), VOTERS));
        }
        votes = votes.stream().map(EvalAiNormaliser::normalise).toList();
    }

    /** From 0 to 1. Summed one by one, as the original does, to be equal to the last bit. */
    double worth(String answer) {
        String normalised = EvalAiNormaliser.normalise(answer);
        long same = votes.stream().filter(normalised::equals).count();
        double sum = 0;
        for (String leftOut : votes) {
            long others = leftOut.equals(normalised) ? same - 1 : same;
            sum += Math.min(1, others / ENOUGH);
        }
        return sum / VOTERS;
    }
}
