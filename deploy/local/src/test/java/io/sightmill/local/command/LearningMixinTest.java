package io.sightmill.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.ProductRates;
import org.junit.jupiter.api.Test;

class LearningMixinTest {

    @Test
    void advisesFloat32WhereTheProcessorIsSlowInBfloat16() {
        assertThat(LearningMixin.adviceAgainstBfloat16(new ProductRates(150e9, 19e9)))
                .hasValueSatisfying(
                        advice ->
                                assertThat(advice)
                                        .contains("at 0.13 of the rate of float32")
                                        .contains("--products FLOAT32"));
    }

    @Test
    void saysNothingWhereBfloat16IsWorthwhile() {
        assertThat(LearningMixin.adviceAgainstBfloat16(new ProductRates(280e9, 580e9))).isEmpty();
    }

    @Test
    void ratesAreMeasuredOnThisMachine() {
        ProductRates rates = ProductRates.measure();

        assertThat(rates.float32()).isBetween(1e8, 1e14);
        assertThat(rates.bfloat16()).isBetween(1e7, 1e15);
    }
}
