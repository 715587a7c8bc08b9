package io.sightmill.llava;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sections of configuration files that both layouts of a generated checkpoint share. */
record CheckpointConfigs(CheckpointPlan plan, TokenizerFile tokenizer) {

    static final double NORM_EPSILON = 1e-5;

    /**
     * Content by path inside the checkpoint's directory.
     *
     * @param tokenizer must have the tokens that the layout adds
     */
    static Map<String, ObjectNode> files(CheckpointPlan plan, TokenizerFile tokenizer) {
        CheckpointConfigs configs = new CheckpointConfigs(plan, tokenizer);
        Map<String, ObjectNode> files = new LinkedHashMap<>();
        files.put("generation_config.json", configs.tokenIds(object()));
        files.put("tokenizer.json", tokenizer.toJson());
        files.putAll(
                plan.layout() == CheckpointLayout.AUTHORS
                        ? new AuthorsConfigs(configs).files()
                        : new HuggingFaceConfigs(configs).files());
        return files;
    }

    CheckpointShape shape() {
        return plan.shape();
    }

    TokenizerConfig tokenizerConfig() {
        return new TokenizerConfig(tokenizer, shape().text().contextTokens());
    }

    boolean isNext() {
        return shape().family() == CheckpointFamily.NEXT;
    }

    /** A language model's configuration but its type; the keys are the same for LLaMA, Mistral. */
    void putText(ObjectNode node) {
        TextShape text = shape().text();
        putSizes(node, text.hidden(), text.intermediate(), text.heads(), text.layers());
        node.put("num_key_value_heads", text.keyValueHeads());
        node.put("hidden_act", "silu").put("rms_norm_eps", NORM_EPSILON);
        node.put("rope_theta", text.ropeTheta());
        if (text.family() == TextFamily.MISTRAL) {
            // Published ones say so in as many words where there is none.
            text.slidingWindow()
                    .ifPresentOrElse(
                            window -> node.put("sliding_window", window),
                            () -> node.putNull("sliding_window"));
        }
        node.put("max_position_embeddings", text.contextTokens());
        node.put("vocab_size", text.vocabulary());
        node.put("tie_word_embeddings", false).put("torch_dtype", plan.type().key());
        tokenIds(node);
    }

    void putVision(ObjectNode node) {
        VisionShape vision = shape().vision();
        node.put("model_type", "clip_vision_model");
        putSizes(node, vision.hidden(), vision.intermediate(), vision.heads(), vision.layers());
        node.put("hidden_act", "quick_gelu").put("layer_norm_eps", NORM_EPSILON);
        node.put("image_size", vision.imageSize()).put("patch_size", vision.patchSize());
        node.put("projection_dim", vision.hidden());
    }

    private static void putSizes(
            ObjectNode node, int hidden, int intermediate, int heads, int layers) {
        node.put("hidden_size", hidden)
                .put("intermediate_size", intermediate)
                .put("num_attention_heads", heads)
                .put("num_hidden_layers", layers);
    }

    ObjectNode tokenIds(ObjectNode node) {
        return node.put("bos_token_id", tokenizer.idOf(TokenizerFile.BEGINNING))
                .put("eos_token_id", tokenizer.idOf(TokenizerFile.END))
                .put("pad_token_id", tokenizer.idOf(tokenizer.padding()));
    }

    /** What every preprocessor_config.json says of the steps from an image to pixels. */
    ObjectNode putPreprocessing(ObjectNode config) {
        int side = shape().vision().imageSize();
        config.put("resample", 3);
        for (String step :
                List.of("resize", "center_crop", "rescale", "normalize", "convert_rgb")) {
            config.put("do_" + step, true);
        }
        config.putObject("size").put("shortest_edge", side);
        config.putObject("crop_size").put("height", side).put("width", side);
        config.put("rescale_factor", 1 / 255.0);
        config.putArray("image_mean").add(0.48145466).add(0.4578275).add(0.40821073);
        config.putArray("image_std").add(0.26862954).add(0.26130258).add(0.27577711);
        return config;
    }

    /** Appends a pair of sides. */
    static void addPair(ArrayNode pairs, int first, int second) {
        pairs.addArray().add(first).add(second);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
