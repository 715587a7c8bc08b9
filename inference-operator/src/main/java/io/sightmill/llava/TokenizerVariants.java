package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Rewrites a tokenizer.json in memory for text that must not reach a special token. */
final class TokenizerVariants {

    private TokenizerVariants() {}

    /** The tokenizer without its special tokens: their names in a text are characters. */
    static ObjectNode withoutSpecials(JsonNode tokenizer, TokenizerVocabulary vocabulary) {
        ObjectNode copy = tokenizer.deepCopy();
        ArrayNode kept = copy.putArray("added_tokens");
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (!vocabulary.specials().contains(added.path("content").asText())) {
                kept.add(added);
            }
        }
        removeFromModel(copy, vocabulary);
        // It only adds special tokens around, which is never asked for, and may name removed ones.
        copy.putNull("post_processor");
        return copy;
    }

    /** A model that takes whole words as tokens could still give a special token's id. */
    private static void removeFromModel(ObjectNode tokenizer, TokenizerVocabulary vocabulary) {
        JsonNode model = tokenizer.path("model");
        String unknown = model.path("unk_token").asText("");
        if (model.path("vocab") instanceof ObjectNode names) {
            vocabulary.specials().stream()
                    .filter(name -> !name.equals(unknown))
                    .forEach(names::remove);
        }
    }

    /**
     * The tokenizer for text in the middle of a prompt, if that differs: Metaspace with the scheme
     * "first" puts its mark before the prompt's first word only.
     */
    static Optional<ObjectNode> withoutPrefixOfFirst(ObjectNode tokenizer) {
        ObjectNode copy = tokenizer.deepCopy();
        boolean changed = false;
        for (JsonNode node : copy.findParents("prepend_scheme")) {
            if (node.path("prepend_scheme").asText().equals("first")) {
                ((ObjectNode) node).put("prepend_scheme", "never");
                changed = true;
            }
        }
        return changed ? Optional.of(copy) : Optional.empty();
    }
}
