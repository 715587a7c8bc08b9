package io.sightmill.llava;

/**
 * How a text model's rotary frequencies are changed for contexts longer than it was first trained
 * on: {@code rope_scaling} or {@code rope_parameters} of {@code text_config}. The formulas are
 * those of Hugging Face's {@code modeling_rope_utils}.
 */
public interface RotaryScaling {

    /**
     * The frequencies to use.
     *
     * @param frequencies {@code theta^(-2i / width)}: radians a position, one for each pair
     */
    float[] apply(float[] frequencies);

    /** Frequencies as they are (arXiv 2104.09864). */
    record None() implements RotaryScaling {

        @Override
        public float[] apply(float[] frequencies) {
            return frequencies.clone();
        }
    }

    /** Every frequency divided by the factor: position interpolation (arXiv 2306.15595). */
    record Linear(double factor) implements RotaryScaling {

        public Linear {
            Bound.requirePositive("factor", factor);
        }

        @Override
        public float[] apply(float[] frequencies) {
            float[] scaled = new float[frequencies.length];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = (float) (frequencies[i] / factor);
            }
            return scaled;
        }
    }

    /**
     * The base grows with the sequence, {@code theta * (factor * length / context - (factor - 1)) ^
     * (width / (width - 2))}, once the sequence is longer than the context of config.json. That
     * context is the longest sequence taken here, and for all up to it the growth is exactly 1.
     */
    record Dynamic(double factor) implements RotaryScaling {

        public Dynamic {
            Bound.requirePositive("factor", factor);
        }

        @Override
        public float[] apply(float[] frequencies) {
            return frequencies.clone();
        }
    }

    /**
     * LLaMA 3.1's: waves shorter than {@code original / high} stay, those longer than {@code
     * original / low} are slowed by the factor, those between are blended (arXiv 2407.21783).
     *
     * @param lowFrequencyFactor {@code low_freq_factor}
     * @param highFrequencyFactor {@code high_freq_factor}
     * @param originalContextTokens {@code original_max_position_embeddings}
     */
    record Llama3(
            double factor,
            double lowFrequencyFactor,
            double highFrequencyFactor,
            int originalContextTokens)
            implements RotaryScaling {

        public Llama3 {
            Bound.requirePositive("factor", factor);
            Bound.requirePositive("low_freq_factor", lowFrequencyFactor);
            Bound.requirePositive("high_freq_factor", highFrequencyFactor);
            Bound.require("original_max_position_embeddings", originalContextTokens, 1, 1 << 20);
            if (highFrequencyFactor <= lowFrequencyFactor) {
                throw new IllegalArgumentException(
                        "high_freq_factor is %s and must be above low_freq_factor, %s"
                                .formatted(highFrequencyFactor, lowFrequencyFactor));
            }
        }

        @Override
        public float[] apply(float[] frequencies) {
            float[] scaled = new float[frequencies.length];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = (float) (frequencies[i] * share(frequencies[i]));
            }
            return scaled;
        }

        /** From 1 for short waves down to 1 / factor for long ones. */
        private double share(double frequency) {
            double wavesInContext = originalContextTokens * frequency / (2 * Math.PI);
            double smooth =
                    (wavesInContext - lowFrequencyFactor)
                            / (highFrequencyFactor - lowFrequencyFactor);
            double kept = Math.min(1, Math.max(0, smooth));
            return (1 - kept) / factor + kept;
        }
    }
}
