package io.sightmill.llava;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint calls its special tokens, by key: {@code bos_token}, {@code eos_token} and so
 * on, from {@code special_tokens_map.json} and {@code tokenizer_config.json}.
 *
 * @param byKey the later file wins, as in the reference
 */
record SpecialTokenNames(Map<String, String> byKey) {

    private static final List<String> KEYS =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "pad_token",
                    "sep_token",
                    "cls_token",
                    "mask_token",
                    "image_token");

    SpecialTokenNames {
        byKey = Map.copyOf(byKey);
    }

    static SpecialTokenNames read(Path directory) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String file : List.of("special_tokens_map.json", "tokenizer_config.json")) {
            ConfigurationFile.readIfPresent(directory.resolve(file))
                    .ifPresent(
                            found ->
                                    KEYS.forEach(
                                            key ->
                                                    found.text(key)
                                                            .ifPresent(
                                                                    name -> names.put(key, name))));
        }
        return new SpecialTokenNames(names);
    }
}
