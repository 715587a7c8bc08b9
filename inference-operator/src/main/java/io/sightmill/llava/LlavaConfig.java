package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What config.json and generation_config.json of a LLaVA-1.5 checkpoint say, as old and new
 * releases of Hugging Face's library write them.
 *
 * @param imageTokenId stands in a prompt for each position that an image takes
 * @param eosTokenIds end an answer
 * @param visionFeatureLayer which hidden state of the vision tower is used: 0 is what enters the
 *     first layer, k what leaves layer k; negative ones count from the end
 * @param keepsClassPosition whether the class position is among an image's tokens
 * @param projectorBias whether the projector's layers have biases
 */
public record LlavaConfig(
        VisionConfig vision,
        TextConfig text,
        int imageTokenId,
        Set<Integer> eosTokenIds,
        int visionFeatureLayer,
        boolean keepsClassPosition,
        boolean projectorBias) {

    public LlavaConfig {
        eosTokenIds = Set.copyOf(eosTokenIds);
        Bound.require("image_token_index", imageTokenId, 0, 1 << 20);
        Bound.require(
                "vision_feature_layer",
                visionFeatureLayer,
                -(vision.layers() + 1),
                vision.layers());
    }

    /** How many layers of the vision tower are loaded and run: the rest does not matter. */
    public int visionLayersRun() {
        return visionFeatureLayer < 0
                ? vision.layers() + 1 + visionFeatureLayer
                : visionFeatureLayer;
    }

    /** Prompt positions an image takes. */
    public int imageTokens() {
        return vision.patches() + (keepsClassPosition ? 1 : 0);
    }

    /**
     * Reads a checkpoint's configuration.
     *
     * @throws ModelLoadException naming file, key and value where one is wrong or not supported
     */
    public static LlavaConfig read(Path directory) {
        ConfigSection root = ConfigSection.read(directory.resolve("config.json"));
        root.requireText("model_type", "(absent)", "llava");
        root.requireText("projector_hidden_act", "gelu", "gelu");
        VisionConfig vision = VisionConfig.from(root.section("vision_config"));
        ConfigSection text = root.section("text_config");
        boolean tied = root.flag("tie_word_embeddings", false);
        try {
            return new LlavaConfig(
                    vision,
                    TextConfig.from(text, tied),
                    root.integer("image_token_index", root.integer("image_token_id", 32_000)),
                    eosTokenIds(directory, text),
                    root.integer("vision_feature_layer", -2),
                    keepsClassPosition(root),
                    root.flag("multimodal_projector_bias", true));
        } catch (IllegalArgumentException e) {
            throw root.refused(e);
        }
    }

    private static boolean keepsClassPosition(ConfigSection root) {
        String strategy = root.text("vision_feature_select_strategy", "default");
        return switch (strategy) {
            case "default" -> false;
            case "full" -> true;
            default ->
                    throw new IllegalArgumentException(
                            "vision_feature_select_strategy is '"
                                    + strategy
                                    + "' and must be 'default' or 'full'");
        };
    }

    private static Set<Integer> eosTokenIds(Path directory, ConfigSection text) {
        Set<Integer> fromText = text.integers("eos_token_id", Set.of(2));
        Path file = directory.resolve("generation_config.json");
        return Files.exists(file)
                ? ConfigSection.read(file).integers("eos_token_id", fromText)
                : fromText;
    }
}
