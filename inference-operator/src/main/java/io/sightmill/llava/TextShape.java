package io.sightmill.llava;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * The sizes of a language model to generate.
 *
 * @param hidden width of a layer, an even multiple of heads
 * @param heads attention heads
 * @param keyValueHeads heads of keys and values, each shared by as many query heads
 * @param layers how many
 * @param intermediate width inside the feed-forward part
 * @param vocabulary how many tokens
 * @param contextTokens most positions (max_position_embeddings)
 * @param ropeTheta base of the rotary frequencies
 * @param slidingWindow how many positions attention reaches back, Mistral only; empty: all
 */
public record TextShape(
        TextFamily family,
        int hidden,
        int heads,
        int keyValueHeads,
        int layers,
        int intermediate,
        int vocabulary,
        int contextTokens,
        double ropeTheta,
        OptionalInt slidingWindow) {

    private static final double LLAMA_THETA = 10_000;
    private static final double MISTRAL_THETA = 1e6;
    private static final int QUERIES_A_KEY = 4;

    public TextShape {
        Objects.requireNonNull(family, "text.family");
        Objects.requireNonNull(slidingWindow, "text.slidingWindow");
        Bound.require("text.heads", heads, 1, 512);
        Bound.require("text.hidden", hidden, 1, 32_768);
        Bound.requireMultiple("text.hidden", hidden, "twice text.heads", 2 * heads);
        Bound.require("text.keyValueHeads", keyValueHeads, 1, heads);
        Bound.requireMultiple("text.heads", heads, "text.keyValueHeads", keyValueHeads);
        Bound.require("text.layers", layers, 1, 512);
        Bound.require("text.intermediate", intermediate, 1, 131_072);
        Bound.require("text.vocabulary", vocabulary, TokenizerFile.FEWEST_TOKENS, 1 << 20);
        Bound.require("text.contextTokens", contextTokens, 1, 1 << 18);
        Bound.requirePositive("text.ropeTheta", ropeTheta);
        if (slidingWindow.isPresent()) {
            Bound.require("text.slidingWindow", slidingWindow.getAsInt(), 1, 1 << 20);
            if (family == TextFamily.LLAMA) {
                throw new IllegalArgumentException(
                        "text.slidingWindow is %d and must be absent: LLaMA has none"
                                .formatted(slidingWindow.getAsInt()));
            }
        }
    }

    /** A LLaMA whose every query head has a key and value head of its own. */
    static TextShape llama(int hidden, int heads, int layers, int intermediate, int vocabulary) {
        return new TextShape(
                TextFamily.LLAMA,
                hidden,
                heads,
                heads,
                layers,
                intermediate,
                vocabulary,
                4_096,
                LLAMA_THETA,
                OptionalInt.empty());
    }

    /** Mistral 7B Instruct v0.2, the language model of LLaVA-1.6 Mistral. */
    static TextShape mistral7b(int vocabulary) {
        return new TextShape(
                TextFamily.MISTRAL,
                4_096,
                32,
                8,
                32,
                14_336,
                vocabulary,
                32_768,
                MISTRAL_THETA,
                OptionalInt.empty());
    }

    /** The same sizes as another family has them: Mistral's queries share keys in fours. */
    public TextShape as(TextFamily other) {
        if (other == family) {
            return this;
        }
        boolean isMistral = other == TextFamily.MISTRAL;
        int shared = heads % QUERIES_A_KEY == 0 ? heads / QUERIES_A_KEY : 1;
        return new TextShape(
                other,
                hidden,
                heads,
                isMistral ? shared : heads,
                layers,
                intermediate,
                vocabulary,
                contextTokens,
                isMistral ? MISTRAL_THETA : LLAMA_THETA,
                OptionalInt.empty());
    }

    TextShape withContext(int tokens) {
        return new TextShape(
                family,
                hidden,
                heads,
                keyValueHeads,
                layers,
                intermediate,
                vocabulary,
                tokens,
                ropeTheta,
                slidingWindow);
    }

    TextShape withKeyValueHeads(int count) {
        return new TextShape(
                family,
                hidden,
                heads,
                count,
                layers,
                intermediate,
                vocabulary,
                contextTokens,
                ropeTheta,
                slidingWindow);
    }

    /** Width of the keys, and of the values. */
    int keyValueWidth() {
        return hidden / heads * keyValueHeads;
    }
}
