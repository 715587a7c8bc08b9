package io.sightmill.tuning.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {

    @Test
    void risesInALineAndFallsAsACosine() {
        LearningRate rate = new LearningRate(2e-3, 0.03, 1_000);

        assertThat(rate.at(1)).isCloseTo(2e-3 / 30, within(1e-12));
        assertThat(rate.at(15)).isCloseTo(1e-3, within(1e-12));
        assertThat(rate.at(30)).isEqualTo(2e-3);
        // Half-way between the end of the warm-up and the step after the last.
        assertThat(rate.at(515)).isCloseTo(1e-3, within(2e-6));
        assertThat(rate.at(1_000)).isPositive().isLessThan(1e-8);
    }

    @Test
    void warmsUpOneStepAtLeastOfAShortRun() {
        LearningRate rate = new LearningRate(1, 0.03, 2);
        assertThat(rate.at(1)).isEqualTo(1);
        assertThat(rate.at(2)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void begunAtThePeakWithoutWarmUp() {
        assertThat(new LearningRate(1, 0, 10).at(1)).isGreaterThan(0.9);
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> new LearningRate(-1, 0, 10)).hasMessageContaining("rate is -1.0");
        assertThatThrownBy(() -> new LearningRate(1, 1, 10)).hasMessageContaining("warm-up is 1.0");
        assertThatThrownBy(() -> new LearningRate(1, 0, 0)).hasMessageContaining("steps is 0");
    }
}
