package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxWeightsTest {

    @Test
    void theExponentialHasThirteenDigits() {
        double[] exponents = DoubleStream.iterate(0, x -> x - 45.0 / 9_999).limit(10_000).toArray();
        double[] results = new double[exponents.length];

        SoftmaxWeights.exp(exponents, results, exponents.length);

        for (int i = 0; i < exponents.length; i++) {
            double expected = StrictMath.exp(exponents[i]);
            assertThat(results[i]).isCloseTo(expected, within(1e-13 * expected));
        }
    }

    /** Against a sort of all tokens, with a small vocabulary, one of several blocks and equals. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 700, 5_000})
    void whatIsLikeliestIsWhatASortPutsFirst(int vocabulary) {
        Random random = new Random(vocabulary);
        for (double spread : new double[] {0.01, 1, 5, 200}) {
            float[] logits = logits(random, vocabulary, spread);
            SoftmaxWeights weights = weights(logits, 0.8);
            int[] sorted = sorted(logits);
            for (int count : new int[] {0, 1, 2, 40, vocabulary, 2 * vocabulary}) {
                assertThat(weights.likeliest(count))
                        .isEqualTo(IntStream.of(sorted).limit(count).toArray());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 0.3, 0.9, 0.999})
    void aShareTakesTheFewestTokensThatHaveIt(double share) {
        Random random = new Random(5);
        for (double spread : new double[] {0.01, 1, 5, 200}) {
            float[] logits = logits(random, 3_000, spread);
            SoftmaxWeights weights = weights(logits, 1.3);

            int[] kept = weights.reaching(share);

            assertThat(kept).isEqualTo(IntStream.of(sorted(logits)).limit(kept.length).toArray());
            int[] fewer = IntStream.of(kept).limit(kept.length - 1).toArray();
            double enough = share * weights.sum();
            assertThat(weights.sum(kept)).isGreaterThanOrEqualTo(enough);
            assertThat(weights.sum(fewer)).isLessThan(enough);
        }
    }

    private static SoftmaxWeights weights(float[] logits, double temperature) {
        return new SoftmaxWeights(logits, logits[TokenSampler.mostLikely(logits)], temperature);
    }

    /** Rounded, so that many are equal. */
    private static float[] logits(Random random, int vocabulary, double spread) {
        float[] logits = new float[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            logits[id] = Math.round(spread * random.nextGaussian() * 8) / 8f;
        }
        return logits;
    }

    private static int[] sorted(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(
                        Comparator.<Integer>comparingDouble(id -> -logits[id])
                                .thenComparing(id -> id))
                .mapToInt(id -> id)
                .toArray();
    }
}
