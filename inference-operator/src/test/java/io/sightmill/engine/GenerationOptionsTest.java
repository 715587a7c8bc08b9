package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerationOptionsTest {

    @Test
    void whatIsNotAskedForIsOff() {
        GenerationOptions options = GenerationOptions.greedy(9);

        assertThat(options.minNewTokens()).isZero();
        assertThat(options.logitBias()).isEmpty();
        assertThat(options.repetitionPenalty()).isEqualTo(1);
        assertThat(options.wantsLogProbabilities()).isFalse();
    }

    @Test
    void aWrongValueIsAnErrorThatNamesIt() {
        refuses("minNewTokens is 10", () -> options(10, Map.of(), 1, -1));
        refuses("minNewTokens is -1", () -> options(-1, Map.of(), 1, -1));
        refuses("logitBias", () -> options(0, Map.of(3, Double.NaN), 1, -1));
        refuses("repetitionPenalty is 0.0", () -> options(0, Map.of(), 0, -1));
        refuses("repetitionPenalty is NaN", () -> options(0, Map.of(), Double.NaN, -1));
        refuses("logProbabilities is 21", () -> options(0, Map.of(), 1, 21));
        refuses("logProbabilities is -2", () -> options(0, Map.of(), 1, -2));
    }

    private static void refuses(String message, Runnable construction) {
        assertThatIllegalArgumentException()
                .isThrownBy(construction::run)
                .withMessageContaining(message);
    }

    private static GenerationOptions options(
            int least, Map<Integer, Double> bias, double penalty, int logProbabilities) {
        return new GenerationOptions(
                9, least, 0, 1, 0, 0, List.of(), bias, penalty, logProbabilities);
    }
}
