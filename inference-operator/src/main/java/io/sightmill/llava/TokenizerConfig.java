package io.sightmill.llava;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What stands beside a generated tokenizer.json: its tokens' roles, for other programs. */
record TokenizerConfig(TokenizerFile tokenizer, int contextTokens) {

    /** tokenizer_config.json of Hugging Face's layout, which names processor and image token. */
    ObjectNode withImageToken(String processor) {
        ObjectNode config = specialTokens(object().put("tokenizer_class", "LlamaTokenizer"));
        config.put("processor_class", processor).put("image_token", TokenizerFile.IMAGE);
        return rest(config);
    }

    /** tokenizer_config.json of a language model's directory. */
    ObjectNode plain() {
        return rest(specialTokens(object().put("tokenizer_class", "LlamaTokenizer")));
    }

    /** special_tokens_map.json. */
    ObjectNode specialTokens() {
        return specialTokens(object());
    }

    private ObjectNode rest(ObjectNode config) {
        config.put("add_bos_token", true).put("add_eos_token", false).put("legacy", false);
        config.put("clean_up_tokenization_spaces", false).put("padding_side", "left");
        config.put("model_max_length", contextTokens);
        ObjectNode added = config.putObject("added_tokens_decoder");
        for (String special : tokenizer.specials()) {
            added.set(Integer.toString(tokenizer.idOf(special)), addedToken(special));
        }
        return config;
    }

    private ObjectNode specialTokens(ObjectNode node) {
        return node.put("bos_token", TokenizerFile.BEGINNING)
                .put("eos_token", TokenizerFile.END)
                .put("pad_token", tokenizer.padding())
                .put("unk_token", TokenizerFile.UNKNOWN);
    }

    static ObjectNode addedToken(String content) {
        return object().put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
