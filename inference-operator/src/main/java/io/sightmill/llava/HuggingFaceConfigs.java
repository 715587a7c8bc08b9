package io.sightmill.llava;

import static io.sightmill.llava.CheckpointConfigs.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration files of a generated checkpoint in Hugging Face's layout. */
record HuggingFaceConfigs(CheckpointConfigs configs) {

    Map<String, ObjectNode> files() {
        Map<String, ObjectNode> files = new LinkedHashMap<>();
        files.put("config.json", config());
        files.put("preprocessor_config.json", preprocessorConfig());
        files.put("processor_config.json", processorConfig());
        files.put("tokenizer_config.json", configs.tokenizerConfig().withImageToken(processor()));
        files.put("special_tokens_map.json", configs.tokenizerConfig().specialTokens());
        files.put(
                "chat_template.json",
                object().put(
                                "chat_template",
                                GeneratedTemplates.of(configs.shape().text().family())));
        return files;
    }

    private ObjectNode config() {
        ObjectNode config = object().put("model_type", configs.isNext() ? "llava_next" : "llava");
        config.put("torch_dtype", configs.plan().type().key());
        config.putArray("architectures").add(model() + "ForConditionalGeneration");
        config.put("image_token_index", configs.tokenizer().idOf(TokenizerFile.IMAGE));
        config.put("image_seq_length", configs.shape().vision().patches());
        config.put("pad_token_id", configs.tokenizer().idOf(TokenizerFile.PADDING));
        config.put("projector_hidden_act", "gelu");
        config.put("vision_feature_layer", -2);
        config.put("vision_feature_select_strategy", "default");
        config.put("tie_word_embeddings", false);
        if (configs.isNext()) {
            config.put("use_image_newline_parameter", true);
            putResolutions(config);
        }
        TextFamily family = configs.shape().text().family();
        boolean isMistral = family == TextFamily.MISTRAL;
        ObjectNode text = config.putObject("text_config");
        text.put("model_type", family.key());
        text.putArray("architectures").add(isMistral ? "MistralForCausalLM" : "LlamaForCausalLM");
        configs.putText(text);
        configs.putVision(config.putObject("vision_config"));
        return config;
    }

    /** Height before width. */
    private void putResolutions(ObjectNode config) {
        ArrayNode pairs = config.putArray("image_grid_pinpoints");
        for (Resolution each : configs.shape().resolutions()) {
            CheckpointConfigs.addPair(pairs, each.height(), each.width());
        }
    }

    private ObjectNode preprocessorConfig() {
        ObjectNode config =
                object().put(
                                "image_processor_type",
                                configs.isNext() ? "LlavaNextImageProcessor" : "CLIPImageProcessor")
                        .put("processor_class", processor());
        configs.putPreprocessing(config);
        if (configs.isNext()) {
            config.put("aspect_ratio_setting", "anyres").put("do_pad", true);
            putResolutions(config);
        }
        return config;
    }

    private ObjectNode processorConfig() {
        return object().put("processor_class", processor())
                .put("image_token", TokenizerFile.IMAGE)
                .put("patch_size", configs.shape().vision().patchSize())
                .put("num_additional_image_tokens", 1)
                .put("vision_feature_select_strategy", "default");
    }

    private String processor() {
        return model() + "Processor";
    }

    private String model() {
        return configs.isNext() ? "LlavaNext" : "Llava";
    }
}
