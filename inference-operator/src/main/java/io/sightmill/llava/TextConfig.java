package io.sightmill.llava;

/**
 * The LLaMA decoder; names and defaults are those of {@code text_config} in config.json, which
 * published checkpoints leave out wherever they equal LLaMA-7B's.
 *
 * @param hiddenSize width of a position
 * @param intermediateSize width inside the feed-forward layer
 * @param heads query heads
 * @param keyValueHeads heads of keys and values, each shared by {@code heads / keyValueHeads}
 * @param headWidth width of one head
 * @param contextTokens most positions of a sequence, {@code max_position_embeddings}
 * @param ropeTheta base of the rotary frequencies
 * @param attentionBias whether the attention's products have biases
 * @param mlpBias whether the feed-forward layer's products have biases
 * @param tiedEmbeddings whether the output layer is the embedding table
 */
public record TextConfig(
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int vocabularySize,
        int contextTokens,
        double rmsNormEps,
        double ropeTheta,
        boolean attentionBias,
        boolean mlpBias,
        boolean tiedEmbeddings) {

    public TextConfig {
        Bound.require("hidden_size", hiddenSize, 1, 32_768);
        Bound.require("intermediate_size", intermediateSize, 1, 131_072);
        Bound.require("num_hidden_layers", layers, 1, 512);
        Bound.require("num_attention_heads", heads, 1, 512);
        Bound.require("num_key_value_heads", keyValueHeads, 1, heads);
        Bound.requireMultiple("num_attention_heads", heads, "num_key_value_heads", keyValueHeads);
        Bound.require("head_dim", headWidth, 2, 1_024);
        Bound.requireMultiple("head_dim", headWidth, "the rotary pair", 2);
        Bound.require("vocab_size", vocabularySize, 1, 1 << 20);
        Bound.require("max_position_embeddings", contextTokens, 1, 1 << 18);
        Bound.requirePositive("rms_norm_eps", rmsNormEps);
        Bound.requirePositive("rope_theta", ropeTheta);
    }

    /** Positions of KV cache times this is its memory in elements. */
    long kvElementsPerToken() {
        return 2L * layers * keyValueHeads * headWidth;
    }

    /** Width of the joined query-key-value product. */
    int queryKeyValueWidth() {
        return (heads + 2 * keyValueHeads) * headWidth;
    }

    static TextConfig from(ConfigSection section, boolean tiedEmbeddings) {
        section.requireText("model_type", "llama", "llama");
        section.requireText("hidden_act", "silu", "silu");
        try {
            int hiddenSize = section.integer("hidden_size", 4096);
            int heads = section.integer("num_attention_heads", 32);
            Bound.require("num_attention_heads", heads, 1, 512);
            if (!section.present("head_dim")) {
                Bound.requireMultiple("hidden_size", hiddenSize, "num_attention_heads", heads);
            }
            return new TextConfig(
                    hiddenSize,
                    section.integer("intermediate_size", 11_008),
                    section.integer("num_hidden_layers", 32),
                    heads,
                    section.integer("num_key_value_heads", heads),
                    section.integer("head_dim", hiddenSize / heads),
                    section.integer("vocab_size", 32_000),
                    section.integer("max_position_embeddings", 2048),
                    section.decimal("rms_norm_eps", 1e-6),
                    ropeTheta(section),
                    section.flag("attention_bias", false),
                    section.flag("mlp_bias", false),
                    section.flag("tie_word_embeddings", tiedEmbeddings));
        } catch (IllegalArgumentException e) {
            throw section.refused(e);
        }
    }

    /** Newer releases write rope_parameters; older ones rope_theta and rope_scaling. */
    private static double ropeTheta(ConfigSection section) {
        ConfigSection scaling = section.section("rope_scaling");
        scaling.requireText("rope_type", scaling.text("type", "default"), "default");
        ConfigSection parameters = section.section("rope_parameters");
        parameters.requireText("rope_type", "default", "default");
        return parameters.decimal("rope_theta", section.decimal("rope_theta", 10_000));
    }
}
