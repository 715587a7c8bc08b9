package io.sightmill.llava;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The text models that are supported, {@code model_type} of {@code text_config}, with what
 * published checkpoints leave out because it equals the family's default.
 */
public enum TextFamily {
    LLAMA(11_008, 2_048, OptionalInt.empty()),
    MISTRAL(14_336, 131_072, OptionalInt.of(8));

    private static final int MISTRAL_WINDOW = 4_096;

    private final int intermediateSize;
    private final int contextTokens;
    private final OptionalInt keyValueHeads;

    TextFamily(int intermediateSize, int contextTokens, OptionalInt keyValueHeads) {
        this.intermediateSize = intermediateSize;
        this.contextTokens = contextTokens;
        this.keyValueHeads = keyValueHeads;
    }

    static TextFamily of(ConfigSection section) {
        List<String> names = Arrays.stream(values()).map(TextFamily::key).toList();
        String name = section.oneOf("model_type", LLAMA.key(), names);
        return values()[names.indexOf(name)];
    }

    /** What a user and {@code model_type} call it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    int intermediateSize(ConfigSection section) {
        return section.integer("intermediate_size", intermediateSize);
    }

    int contextTokens(ConfigSection section) {
        return section.integer("max_position_embeddings", contextTokens);
    }

    /** A null stands for as many as there are query heads. */
    int keyValueHeads(ConfigSection section, int heads) {
        int fallback =
                section.declares("num_key_value_heads") ? heads : keyValueHeads.orElse(heads);
        return section.integer("num_key_value_heads", fallback);
    }

    /** A null stands for no window; LLaMA knows none, and its config.json may still name one. */
    OptionalInt slidingWindow(ConfigSection section) {
        boolean none = section.declares("sliding_window") && !section.present("sliding_window");
        return this == LLAMA || none
                ? OptionalInt.empty()
                : OptionalInt.of(section.integer("sliding_window", MISTRAL_WINDOW));
    }

    /** Mistral's layers have no biases: a checkpoint that claims some is not one of them. */
    boolean bias(ConfigSection section, String key) {
        boolean biased = section.flag(key, false);
        if (biased && this == MISTRAL) {
            throw new IllegalArgumentException(
                    key + " is true; only false is supported where model_type is 'mistral'");
        }
        return biased;
    }
}
