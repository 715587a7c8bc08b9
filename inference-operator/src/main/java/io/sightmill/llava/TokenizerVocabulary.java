package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens of a tokenizer.json by name, and which of them are special.
 *
 * @param ids id of each token, added ones included
 * @param specials names of the tokens that steer the model and that no text may stand for
 * @param beginning name of the token a prompt begins with; null if none is added
 * @param size every id the model can give is below: the larger of the tokenizer's and the model's
 * @param longestToken length in UTF-16 units of the longest token
 */
record TokenizerVocabulary(
        Map<String, Integer> ids,
        Set<String> specials,
        String beginning,
        int size,
        int longestToken) {

    TokenizerVocabulary {
        ids = Map.copyOf(ids);
        specials = Set.copyOf(specials);
    }

    static TokenizerVocabulary read(Path directory, ConfigurationFile tokenizer) {
        Map<String, Integer> ids = readIds(tokenizer);
        Set<String> specials = readSpecials(directory, tokenizer);
        int tokenizerSize = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        int modelSize = readModelSize(directory, tokenizerSize);
        if (tokenizerSize > modelSize) {
            throw new ModelLoadException(
                    "%s has token id %d, but vocab_size of config.json is %d"
                            .formatted(tokenizer.path(), tokenizerSize - 1, modelSize));
        }
        int longest = ids.keySet().stream().mapToInt(String::length).max().orElse(1);
        String beginning = readBeginning(directory, tokenizer);
        if (beginning != null && !ids.containsKey(beginning)) {
            throw new ModelLoadException(
                    tokenizer.path() + " lacks the token that begins a prompt, " + beginning);
        }
        return new TokenizerVocabulary(ids, specials, beginning, modelSize, longest);
    }

    OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    Optional<String> nameOf(int id) {
        return ids.entrySet().stream()
                .filter(entry -> entry.getValue() == id)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    OptionalInt beginningId() {
        return beginning == null ? OptionalInt.empty() : idOf(beginning);
    }

    void require(int id) {
        if (id < 0 || id >= size) {
            throw new IllegalArgumentException(
                    "token id is " + id + " and must be in 0.." + (size - 1));
        }
    }

    private static Map<String, Integer> readIds(ConfigurationFile tokenizer) {
        Map<String, Integer> ids = new HashMap<>();
        JsonNode vocabulary = tokenizer.root().path("model").path("vocab");
        vocabulary.properties().forEach(e -> ids.put(e.getKey(), e.getValue().asInt(-1)));
        for (JsonNode added : tokenizer.root().path("added_tokens")) {
            ids.put(added.path("content").asText(), added.path("id").asInt(-1));
        }
        if (!vocabulary.isObject() || ids.containsValue(-1)) {
            throw new ModelLoadException(
                    tokenizer.path() + ": model.vocab must map each token to its id");
        }
        return ids;
    }

    private static Set<String> readSpecials(Path directory, ConfigurationFile tokenizer) {
        Set<String> specials = new HashSet<>();
        specials.add("<image>");
        for (JsonNode added : tokenizer.root().path("added_tokens")) {
            if (added.path("special").asBoolean()) {
                specials.add(added.path("content").asText());
            }
        }
        specials.addAll(SpecialTokenNames.read(directory).byKey().values());
        return specials;
    }

    /** What the post-processor puts first is what the reference begins a prompt with. */
    private static String readBeginning(Path directory, ConfigurationFile tokenizer) {
        JsonNode template = tokenizer.root().path("post_processor").findPath("single");
        if (template.path(0).has("SpecialToken")) {
            return template.path(0).path("SpecialToken").path("id").asText();
        }
        // LLaMA's tokenizers add one unless they are told not to.
        boolean isUsual = tokenizer.path().endsWith(SentencePieceModel.FILE);
        Optional<ConfigurationFile> config =
                ConfigurationFile.readIfPresent(directory.resolve("tokenizer_config.json"));
        return config.map(file -> file.flag("add_bos_token", isUsual)).orElse(isUsual)
                ? Optional.ofNullable(SpecialTokenNames.read(directory).byKey().get("bos_token"))
                        .orElse(isUsual ? "<s>" : null)
                : null;
    }

    private static int readModelSize(Path directory, int otherwise) {
        return ConfigurationFile.readIfPresent(directory.resolve("config.json"))
                .map(config -> config.find("text_config").orElse(config.root()).path("vocab_size"))
                .filter(JsonNode::isInt)
                .map(JsonNode::intValue)
                .orElse(otherwise);
    }
}
