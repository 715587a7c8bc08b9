package io.sightmill.llava;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration files of a generated checkpoint, in Hugging Face's layout. */
record CheckpointConfigs(CheckpointShape shape, TokenizerFile tokenizer) {

    /** Renders what {@link ChatTemplate} renders, for other programs that read the checkpoint. */
    private static final String CHAT_TEMPLATE =
            "{%- for turn in messages -%}"
                    + "{%- if turn.role != 'system' -%}{{ turn.role | upper ~ ': ' }}{%- endif -%}"
                    + "{%- for part in turn.content if part.type == 'image' -%}"
                    + "{{ '<image>\\n' }}{%- endfor -%}"
                    + "{%- for part in turn.content if part.type == 'text' -%}"
                    + "{{ part.text ~ ' ' }}{%- endfor -%}"
                    + "{%- endfor -%}"
                    + "{%- if add_generation_prompt -%}{{ 'ASSISTANT:' }}{%- endif -%}";

    /** Content by file name. */
    Map<String, ObjectNode> files() {
        Map<String, ObjectNode> files = new LinkedHashMap<>();
        files.put("config.json", config());
        files.put("generation_config.json", tokenIds(object()));
        files.put("preprocessor_config.json", preprocessorConfig());
        files.put("processor_config.json", processorConfig());
        files.put("tokenizer.json", tokenizer.toJson());
        files.put("tokenizer_config.json", tokenizerConfig());
        files.put("special_tokens_map.json", specialTokens(object()));
        files.put("chat_template.json", object().put("chat_template", CHAT_TEMPLATE));
        return files;
    }

    static ObjectNode addedToken(String content) {
        return object().put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private ObjectNode config() {
        ObjectNode config = object().put("model_type", "llava").put("torch_dtype", "float16");
        config.putArray("architectures").add("LlavaForConditionalGeneration");
        config.put("image_token_index", tokenizer.idOf(TokenizerFile.IMAGE));
        config.put("image_seq_length", shape.imageTokens());
        config.put("pad_token_id", tokenizer.idOf(TokenizerFile.PADDING));
        config.put("projector_hidden_act", "gelu");
        config.put("vision_feature_layer", -2);
        config.put("vision_feature_select_strategy", "default");
        config.put("tie_word_embeddings", false);
        putText(config.putObject("text_config"));
        putVision(config.putObject("vision_config"));
        return config;
    }

    private void putText(ObjectNode text) {
        text.put("model_type", "llama").putArray("architectures").add("LlamaForCausalLM");
        putSizes(text, shape.text()).put("num_key_value_heads", shape.text().heads());
        text.put("hidden_act", "silu").put("rms_norm_eps", 1e-5).put("rope_theta", 10_000.0);
        text.put("max_position_embeddings", shape.contextTokens());
        text.put("vocab_size", tokenizer.tokens().size());
        text.put("tie_word_embeddings", false).put("torch_dtype", "float16");
        tokenIds(text);
    }

    private void putVision(ObjectNode vision) {
        vision.put("model_type", "clip_vision_model");
        putSizes(vision, shape.vision()).put("hidden_act", "quick_gelu");
        vision.put("layer_norm_eps", 1e-5);
        vision.put("image_size", shape.imageSize()).put("patch_size", shape.patchSize());
        vision.put("projection_dim", shape.vision().hidden());
    }

    private static ObjectNode putSizes(ObjectNode node, CheckpointShape.Transformer sizes) {
        return node.put("hidden_size", sizes.hidden())
                .put("intermediate_size", sizes.intermediate())
                .put("num_attention_heads", sizes.heads())
                .put("num_hidden_layers", sizes.layers());
    }

    private ObjectNode tokenIds(ObjectNode node) {
        return node.put("bos_token_id", tokenizer.idOf(TokenizerFile.BEGINNING))
                .put("eos_token_id", tokenizer.idOf(TokenizerFile.END))
                .put("pad_token_id", tokenizer.idOf(TokenizerFile.PADDING));
    }

    private ObjectNode preprocessorConfig() {
        ObjectNode config = object().put("image_processor_type", "CLIPImageProcessor");
        config.put("processor_class", "LlavaProcessor").put("resample", 3);
        for (String step :
                List.of("resize", "center_crop", "rescale", "normalize", "convert_rgb")) {
            config.put("do_" + step, true);
        }
        config.putObject("size").put("shortest_edge", shape.imageSize());
        config.putObject("crop_size")
                .put("height", shape.imageSize())
                .put("width", shape.imageSize());
        config.put("rescale_factor", 1 / 255.0);
        config.putArray("image_mean").add(0.48145466).add(0.4578275).add(0.40821073);
        config.putArray("image_std").add(0.26862954).add(0.26130258).add(0.27577711);
        return config;
    }

    private ObjectNode processorConfig() {
        return object().put("processor_class", "LlavaProcessor")
                .put("image_token", TokenizerFile.IMAGE)
                .put("patch_size", shape.patchSize())
                .put("num_additional_image_tokens", 1)
                .put("vision_feature_select_strategy", "default");
    }

    private ObjectNode tokenizerConfig() {
        ObjectNode config = specialTokens(object().put("tokenizer_class", "LlamaTokenizer"));
        config.put("processor_class", "LlavaProcessor").put("image_token", TokenizerFile.IMAGE);
        config.put("add_bos_token", true).put("add_eos_token", false).put("legacy", false);
        config.put("clean_up_tokenization_spaces", false).put("padding_side", "left");
        config.put("model_max_length", shape.contextTokens());
        ObjectNode added = config.putObject("added_tokens_decoder");
        for (int id = 0; id < tokenizer.tokens().size(); id++) {
            boolean isByte = tokenizer.tokens().get(id).startsWith("<0x");
            if (!tokenizer.isReadable(id) && !isByte) {
                added.set(Integer.toString(id), addedToken(tokenizer.tokens().get(id)));
            }
        }
        return config;
    }

    private static ObjectNode specialTokens(ObjectNode node) {
        return node.put("bos_token", TokenizerFile.BEGINNING)
                .put("eos_token", TokenizerFile.END)
                .put("pad_token", TokenizerFile.PADDING)
                .put("unk_token", TokenizerFile.UNKNOWN);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
