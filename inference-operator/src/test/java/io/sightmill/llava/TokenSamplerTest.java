package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightmill.engine.GenerationOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSamplerTest {

    // Probabilities 0.1, 0.4, 0.2, 0.3.
    private static final float[] LOGITS = {log(0.1), log(0.4), log(0.2), log(0.3)};
    private static final int DRAWS = 20_000;

    @Test
    void greedyTakesTheMostLikelyAndTheLowestIdOfEquals() {
        float[] logits = {-1, 3, 3, 2};

        assertThat(TokenSampler.next(logits, GenerationOptions.greedy(1), 5)).isEqualTo(1);
    }

    @Test
    void drawsInProportionToProbability() {
        Map<Integer, Double> shares = shares(sampling(1, 1, 0));

        assertThat(shares.get(0)).isCloseTo(0.1, within(0.015));
        assertThat(shares.get(1)).isCloseTo(0.4, within(0.015));
        assertThat(shares.get(2)).isCloseTo(0.2, within(0.015));
        assertThat(shares.get(3)).isCloseTo(0.3, within(0.015));
    }

    @Test
    void temperatureSharpens() {
        // Squared and normalised: 0.01, 0.16, 0.04, 0.09 over 0.3.
        assertThat(shares(sampling(0.5, 1, 0)).get(1)).isCloseTo(0.16 / 0.3, within(0.015));
    }

    @Test
    void topKKeepsTheMostLikely() {
        Map<Integer, Double> shares = shares(sampling(1, 1, 2));

        assertThat(shares).containsOnlyKeys(1, 3);
        assertThat(shares.get(1)).isCloseTo(4.0 / 7, within(0.015));
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        assertThat(shares(sampling(1, 0.65, 0))).containsOnlyKeys(1, 3);
        assertThat(shares(sampling(1, 0.75, 0))).containsOnlyKeys(1, 2, 3);
        assertThat(shares(sampling(1, 1e-9, 0))).containsOnlyKeys(1);
    }

    @Test
    void topPCutsWhatTopKLeft() {
        // Of 4/7 and 3/7 the first alone reaches one half.
        assertThat(shares(sampling(1, 0.5, 2))).containsOnlyKeys(1);
    }

    @Test
    void sortsNegativeAndPositiveLogitsAlike() {
        float[] logits = {-5, 4, -0.5f, 0.5f, 3.9f};
        GenerationOptions options = new GenerationOptions(1, 1000, 1, 3, 0, List.of());

        assertThat(
                        java.util.stream.IntStream.range(0, 1000)
                                .map(index -> TokenSampler.next(logits, options, index))
                                .distinct()
                                .sorted())
                .containsExactly(1, 3, 4);
    }

    @Test
    void dependsOnSeedAndIndexOnly() {
        GenerationOptions one = new GenerationOptions(9, 1, 1, 0, 1, List.of());
        GenerationOptions two = new GenerationOptions(9, 1, 1, 0, 2, List.of());

        assertThat(draws(one)).isEqualTo(draws(one)).isNotEqualTo(draws(two));
    }

    @Test
    void survivesTheSmallestTemperature() {
        assertThat(shares(sampling(Double.MIN_VALUE, 1, 0))).containsOnlyKeys(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesLogitsThatAreNoNumbers(float logit) {
        float[] logits = {1, logit, 2};

        assertThatThrownBy(() -> TokenSampler.next(logits, GenerationOptions.greedy(1), 0))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("token 1 is " + logit);
    }

    private static List<Integer> draws(GenerationOptions options) {
        return java.util.stream.IntStream.range(0, 50)
                .mapToObj(index -> TokenSampler.next(LOGITS, options, index))
                .toList();
    }

    private static Map<Integer, Double> shares(GenerationOptions options) {
        Map<Integer, Double> shares = new TreeMap<>();
        for (int index = 0; index < DRAWS; index++) {
            shares.merge(TokenSampler.next(LOGITS, options, index), 1.0 / DRAWS, Double::sum);
        }
        return shares;
    }

    private static GenerationOptions sampling(double temperature, double topP, int topK) {
        return new GenerationOptions(1, temperature, topP, topK, 42, List.of());
    }

    private static float log(double probability) {
        return (float) Math.log(probability);
    }
}
