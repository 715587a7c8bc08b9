package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RandomValuesTest {

    private static final RandomValues VALUES = new RandomValues(7, 0.5, 2);

    @Test
    void aValueIsTheSameInWhateverChunkItIsMade() {
        float[] whole = new float[1_000];
        float[] part = new float[300];

        VALUES.fill(whole, 0);
        VALUES.fill(part, 650);

        assertThat(part).containsExactly(Arrays.copyOfRange(whole, 650, 950));
    }

    @Test
    void theSequenceIsThatOfThePlatformsGenerator() {
        SplittableRandom platform = new SplittableRandom(7);
        float[] values = new float[1];

        for (int index = 0; index < 100; index++) {
            new RandomValues(7, 0, 1 / 1.7320508075688772).fill(values, index);

            assertThat(values[0]).isEqualTo((float) ((platform.nextLong() >> 11) * 0x1p-52));
        }
    }

    @Test
    void centerAndSpreadAreMeanAndStandardDeviation() {
        float[] values = new float[100_000];

        VALUES.fill(values, 0);

        double mean = 0;
        double square = 0;
        for (float value : values) {
            mean += value / values.length;
            square += (value - 0.5) * (value - 0.5) / values.length;
        }
        assertThat(mean).isCloseTo(0.5, Offset.offset(0.03));
        assertThat(Math.sqrt(square)).isCloseTo(2, Offset.offset(0.03));
    }

    @Test
    void namesHaveSequencesOfTheirOwn() {
        assertThat(RandomValues.of(1, "a", 0, 1)).isNotEqualTo(RandomValues.of(1, "b", 0, 1));
        assertThat(RandomValues.of(1, "a", 0, 1)).isNotEqualTo(RandomValues.of(2, "a", 0, 1));
    }
}
