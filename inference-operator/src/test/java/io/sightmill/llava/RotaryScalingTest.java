package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The formulas of Hugging Face's {@code modeling_rope_utils}; LLaMA 3.1's in its authors' form. */
class RotaryScalingTest {

    private static final float[] FREQUENCIES = frequencies(10_000, 32);

    @Test
    void unscaledFrequenciesStay() {
        assertThat(new RotaryScaling.None().apply(FREQUENCIES)).containsExactly(FREQUENCIES);
    }

    @Test
    void linearDividesEveryFrequency() {
        float[] scaled = new RotaryScaling.Linear(4).apply(FREQUENCIES);

        for (int i = 0; i < scaled.length; i++) {
            assertThat(scaled[i]).isEqualTo(FREQUENCIES[i] / 4);
        }
    }

    // base * (factor * length / context - (factor - 1)) ^ (width / (width - 2)) with length =
    // context
    @Test
    void dynamicChangesNothingAsLongAsTheContextIsNotExceeded() {
        double factor = 8;
        double growth = Math.pow(factor * 4096 / 4096 - (factor - 1), 32.0 / 30);

        float[] scaled = new RotaryScaling.Dynamic(factor).apply(FREQUENCIES);

        assertThat(scaled).containsExactly(frequencies(10_000 * growth, 32));
    }

    @Test
    void llama3KeepsShortWavesSlowsLongOnesAndBlendsBetween() {
        // 8192 / 4 = 2048 and 8192 / 1 = 8192 positions are the two borders.
        float shortWave = (float) (2 * Math.PI / 2000);
        float longWave = (float) (2 * Math.PI / 8200);
        float between = (float) (2 * Math.PI / 4096);

        float[] scaled =
                new RotaryScaling.Llama3(8, 1, 4, 8192)
                        .apply(new float[] {shortWave, longWave, between});

        // At 4096 positions the context holds 2 waves: (2 - 1) / (4 - 1) of it is kept.
        double blend = (1 - 1 / 3.0) / 8 + 1 / 3.0;
        assertThat(scaled[0]).isEqualTo(shortWave);
        assertThat(scaled[1]).isEqualTo(longWave / 8);
        assertThat((double) scaled[2]).isCloseTo(between * blend, within(1e-10));
    }

    // What transformers 5.18 gives: ROPE_INIT_FUNCTIONS["llama3"](config, "cpu")[0] with
    // LlamaConfig(head_dim=32, rope_parameters={"rope_type": "llama3", "rope_theta": 10000.0,
    // "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    // "original_max_position_embeddings": 32})
    @Test
    void llama3EqualsTheReference() {
        float[] expected = {
            1f, 0.402633697f, 0.127323955f, 0.0444569848f,
            0.0250000004f, 0.0140585322f, 0.00790569466f, 0.00444569858f,
            0.00249999994f, 0.00140585331f, 0.000790569466f, 0.000444569858f,
            0.000250000012f, 0.000140585325f, 7.90569466e-05f, 4.44569851e-05f
        };

        float[] scaled = new RotaryScaling.Llama3(4, 1, 4, 32).apply(FREQUENCIES);

        for (int i = 0; i < expected.length; i++) {
            assertThat(scaled[i]).isCloseTo(expected[i], within(2e-7f * expected[i]));
        }
    }

    @Test
    void refusesBordersInTheWrongOrder() {
        assertThatThrownBy(() -> new RotaryScaling.Llama3(8, 4, 4, 8192))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("high_freq_factor is 4.0 and must be above low_freq_factor, 4.0");
    }

    private static float[] frequencies(double theta, int width) {
        float[] frequencies = new float[width / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) Math.pow(theta, -2.0 * i / width);
        }
        return frequencies;
    }
}
