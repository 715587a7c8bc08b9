package io.sightmill.llava;

import java.util.OptionalInt;

/**
 * The LLaMA or Mistral decoder; names and defaults are those of {@code text_config} in config.json,
 * which published checkpoints leave out wherever they equal those of the family's first 7B model.
 *
 * @param hiddenSize width of a position
 * @param intermediateSize width inside the feed-forward layer
 * @param heads query heads
 * @param keyValueHeads heads of keys and values, each shared by {@code heads / keyValueHeads}
 * @param headWidth width of one head
 * @param contextTokens most positions of a sequence, {@code max_position_embeddings}
 * @param rotary frequencies that tell positions apart
 * @param attentionBias whether the attention's products have biases
 * @param mlpBias whether the feed-forward layer's products have biases
 * @param tiedEmbeddings whether the output layer is the embedding table
 * @param slidingWindow how many positions attention reaches back, the own included; empty: all
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
        RotaryConfig rotary,
        boolean attentionBias,
        boolean mlpBias,
        boolean tiedEmbeddings,
        OptionalInt slidingWindow) {

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
        if (slidingWindow.isPresent()) {
            Bound.require("sliding_window", slidingWindow.getAsInt(), 1, 1 << 20);
        }
    }

    /** Positions of KV cache times this is its memory in elements. */
    long kvElementsPerToken() {
        return 2L * layers * keyValueHeads * headWidth;
    }

    /** Width of the joined query-key-value product. */
    int queryKeyValueWidth() {
        return (heads + 2 * keyValueHeads) * headWidth;
    }

    /** Positions that attention reaches back, the own included. */
    int attentionWindow() {
        return slidingWindow.orElse(contextTokens);
    }

    /** The same for shorter sequences. */
    TextConfig withContextTokens(int fewer) {
        return new TextConfig(
                hiddenSize,
                intermediateSize,
                layers,
                heads,
                keyValueHeads,
                headWidth,
                vocabularySize,
                fewer,
                rmsNormEps,
                rotary,
                attentionBias,
                mlpBias,
                tiedEmbeddings,
                slidingWindow);
    }

    static TextConfig from(ConfigSection section, TextFamily family, boolean tiedEmbeddings) {
        section.requireText("hidden_act", "silu", "silu");
        try {
            int hiddenSize = section.integer("hidden_size", 4096);
            int heads = section.integer("num_attention_heads", 32);
            int contextTokens = family.contextTokens(section);
            Bound.require("num_attention_heads", heads, 1, 512);
            if (!section.present("head_dim")) {
                Bound.requireMultiple("hidden_size", hiddenSize, "num_attention_heads", heads);
            }
            return new TextConfig(
                    hiddenSize,
                    family.intermediateSize(section),
                    section.integer("num_hidden_layers", 32),
                    heads,
                    family.keyValueHeads(section, heads),
                    section.integer("head_dim", hiddenSize / heads),
                    section.integer("vocab_size", 32_000),
                    contextTokens,
                    section.decimal("rms_norm_eps", 1e-6),
                    RotaryConfig.from(section, contextTokens),
                    family.bias(section, "attention_bias"),
                    family.bias(section, "mlp_bias"),
                    section.flag("tie_word_embeddings", tiedEmbeddings),
                    family.slidingWindow(section));
        } catch (IllegalArgumentException e) {
            throw section.refused(e);
        }
    }
}
