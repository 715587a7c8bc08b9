package io.sightmill.llava;

/** How far logits are from the float32 run's, over the positions added so far. */
final class LogitDistance {

    private int positions;
    private int sameBest;
    private long values;
    private double most;
    private double squares;
    private double divergence;
    private double mostDivergence;

    /** One position's logits over the vocabulary. */
    void add(float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            // Math.max keeps a NaN, which every comparison would let pass for no difference.
            most = Math.max(most, difference);
            squares += difference * difference;
        }
        values += expected.length;
        positions++;
        sameBest += best(expected) == best(actual) ? 1 : 0;
        double own = divergence(expected, actual);
        divergence += own;
        mostDivergence = Math.max(mostDivergence, own);
    }

    int positions() {
        return positions;
    }

    double most() {
        return most;
    }

    double rootMeanSquare() {
        return Math.sqrt(squares / values);
    }

    /** Share of positions whose likeliest token is the same. */
    double agreement() {
        return (double) sameBest / positions;
    }

    /** Kullback-Leibler divergence of the run's distribution from float32's, in nats. */
    double meanDivergence() {
        return divergence / positions;
    }

    double mostDivergence() {
        return mostDivergence;
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private static double divergence(float[] expected, float[] actual) {
        double expectedNorm = logSum(expected);
        double actualNorm = logSum(actual);
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            double logExpected = expected[i] - expectedNorm;
            sum += Math.exp(logExpected) * (logExpected - (actual[i] - actualNorm));
        }
        return sum;
    }

    private static double logSum(float[] logits) {
        double most = logits[best(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        return most + Math.log(sum);
    }
}
