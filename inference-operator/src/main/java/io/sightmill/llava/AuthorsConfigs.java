package io.sightmill.llava;

import static io.sightmill.llava.CheckpointConfigs.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration files of a generated checkpoint in the layout of LLaVA's authors: a language
 * model's, with keys that begin with {@code mm_}, and those of a CLIP encoder in a directory
 * inside.
 */
record AuthorsConfigs(CheckpointConfigs configs) {

    Map<String, ObjectNode> files() {
        String clip = configs.shape().vision().checkpointName() + "/";
        Map<String, ObjectNode> files = new LinkedHashMap<>();
        files.put("config.json", config());
        files.put("tokenizer_config.json", configs.tokenizerConfig().plain());
        files.put("special_tokens_map.json", configs.tokenizerConfig().specialTokens());
        files.put(clip + "config.json", clipConfig());
        files.put(clip + "preprocessor_config.json", clipPreprocessorConfig());
        return files;
    }

    private ObjectNode config() {
        boolean isMistral = configs.shape().text().family() == TextFamily.MISTRAL;
        ObjectNode config = object().put("model_type", modelType(isMistral));
        config.putArray("architectures")
                .add(isMistral ? "LlavaMistralForCausalLM" : "LlavaLlamaForCausalLM");
        configs.putText(config);
        VisionShape vision = configs.shape().vision();
        config.put("mm_vision_tower", "openai/" + vision.checkpointName());
        config.put("mm_hidden_size", vision.hidden());
        config.put("mm_vision_select_layer", -2).put("mm_vision_select_feature", "patch");
        boolean marksImages = configs.shape().family() == CheckpointFamily.V1;
        config.put("mm_use_im_start_end", marksImages).put("mm_use_im_patch_token", marksImages);
        config.put("use_mm_proj", true);
        switch (configs.shape().family()) {
            // The first version's code knew one projector and one way to cut images.
            case V1 -> config.put("mm_projector_type", "linear");
            case V1_5 ->
                    config.put("mm_projector_type", "mlp2x_gelu").put("image_aspect_ratio", "pad");
            case NEXT -> putTiles(config.put("mm_projector_type", "mlp2x_gelu"));
        }
        return config;
    }

    private String modelType(boolean isMistral) {
        if (isMistral) {
            return "llava_mistral";
        }
        return configs.shape().family() == CheckpointFamily.V1 ? "llava" : "llava_llama";
    }

    /** Width before height, unlike Hugging Face's. */
    private void putTiles(ObjectNode config) {
        config.put("image_aspect_ratio", "anyres").put("mm_patch_merge_type", "spatial_unpad");
        ArrayNode pairs = config.putArray("image_grid_pinpoints");
        for (Resolution each : configs.shape().resolutions()) {
            CheckpointConfigs.addPair(pairs, each.width(), each.height());
        }
    }

    private ObjectNode clipConfig() {
        ObjectNode config = object().put("model_type", "clip");
        config.putArray("architectures").add("CLIPModel");
        config.put("projection_dim", configs.shape().vision().hidden());
        configs.putVision(config.putObject("vision_config"));
        return config;
    }

    private ObjectNode clipPreprocessorConfig() {
        return configs.putPreprocessing(object().put("image_processor_type", "CLIPImageProcessor"));
    }
}
