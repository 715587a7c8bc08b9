package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {

    @Test
    void everyFiniteHalfIsItself() {
        for (int half = 0; half < 0x7C00; half++) {
            assertThat(HalfFloat.of(value(half))).isEqualTo(half);
            assertThat(HalfFloat.of(-value(half))).isEqualTo(half | 0x8000);
        }
    }

    @Test
    void halfwayGoesToTheEvenNeighbour() {
        for (int half = 0; half < 0x7BFF; half++) {
            float midway = (value(half) + value(half + 1)) / 2;
            int even = half % 2 == 0 ? half : half + 1;

            assertThat(HalfFloat.of(midway)).isEqualTo(even);
            assertThat(HalfFloat.of(Math.nextUp(midway))).isEqualTo(half + 1);
            assertThat(HalfFloat.of(Math.nextDown(midway))).isEqualTo(half);
        }
    }

    @Test
    void whatDoesNotFitIsInfinite() {
        assertThat(HalfFloat.of(65_519)).isEqualTo(0x7BFF);
        assertThat(HalfFloat.of(65_520)).isEqualTo(0x7C00);
        assertThat(HalfFloat.of(Float.NEGATIVE_INFINITY)).isEqualTo(0xFC00);
        assertThat(HalfFloat.of(Float.NaN) & 0x7FFF).isGreaterThan(0x7C00);
        assertThat(HalfFloat.of(1e-30f)).isZero();
    }

    /** By the definition of the format: 5 bits of exponent, 10 of mantissa. */
    private static float value(int half) {
        int exponent = half >> 10;
        int mantissa = half & 0x3FF;
        return exponent == 0
                ? mantissa * 0x1p-24f
                : (1024 + mantissa) * (float) Math.pow(2, exponent - 25);
    }
}
