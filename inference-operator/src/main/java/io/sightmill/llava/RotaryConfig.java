package io.sightmill.llava;

import java.util.List;

/**
 * Rotary positions of a text model as config.json has them: older releases write {@code rope_theta}
 * and {@code rope_scaling}, newer ones {@code rope_parameters}.
 *
 * @param theta base of the frequencies, {@code rope_theta}
 */
public record RotaryConfig(double theta, RotaryScaling scaling) {

    private static final List<String> SUPPORTED = List.of("default", "linear", "dynamic", "llama3");

    public RotaryConfig {
        Bound.requirePositive("rope_theta", theta);
    }

    /** The frequencies of the first LLaMA. */
    static RotaryConfig unscaled() {
        return new RotaryConfig(10_000, new RotaryScaling.None());
    }

    /** Where both spellings are there, the older one wins, as it does in the reference. */
    static RotaryConfig from(ConfigSection text, int contextTokens) {
        ConfigSection scaling = text.section("rope_scaling");
        ConfigSection section = scaling.isEmpty() ? text.section("rope_parameters") : scaling;
        requireWholeHeads(text);
        requireWholeHeads(section);
        double theta = section.decimal("rope_theta", text.decimal("rope_theta", 10_000));
        return new RotaryConfig(theta, scaling(section, text, contextTokens));
    }

    private static RotaryScaling scaling(
            ConfigSection section, ConfigSection text, int contextTokens) {
        String key = section.present("rope_type") ? "rope_type" : "type";
        try {
            return switch (section.oneOf(key, "default", SUPPORTED)) {
                case "linear" -> new RotaryScaling.Linear(section.decimal("factor"));
                case "dynamic" -> new RotaryScaling.Dynamic(section.decimal("factor"));
                case "llama3" ->
                        new RotaryScaling.Llama3(
                                section.decimal("factor"),
                                section.decimal("low_freq_factor"),
                                section.decimal("high_freq_factor"),
                                originalContext(section, text, contextTokens));
                default -> new RotaryScaling.None();
            };
        } catch (IllegalArgumentException e) {
            throw section.refused(e);
        }
    }

    private static int originalContext(
            ConfigSection section, ConfigSection text, int contextTokens) {
        String key = "original_max_position_embeddings";
        return text.integer(key, section.integer(key, contextTokens));
    }

    private static void requireWholeHeads(ConfigSection section) {
        double share = section.decimal("partial_rotary_factor", 1);
        if (share != 1) {
            throw section.refused(
                    new IllegalArgumentException(
                            "partial_rotary_factor is " + share + "; only 1 is supported"));
        }
    }
}
