package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What config.json and generation_config.json of a LLaVA-1.5 or LLaVA-NeXT checkpoint say, as old
 * and new releases of Hugging Face's library write them.
 *
 * @param imageTokenId stands in a prompt for each position that an image takes
 * @param eosTokenIds end an answer
 * @param visionFeatureLayer which hidden state of the vision tower is used: 0 is what enters the
 *     first layer, k what leaves layer k; negative ones count from the end
 * @param keepsClassPosition whether the class position is among an image's tokens
 * @param projectorBias whether the projector's layers have biases
 * @param resolutions what LLaVA-NeXT lays images out on (image_grid_pinpoints); empty for LLaVA-1.5
 */
public record LlavaConfig(
        VisionConfig vision,
        TextConfig text,
        int imageTokenId,
        Set<Integer> eosTokenIds,
        int visionFeatureLayer,
        boolean keepsClassPosition,
        boolean projectorBias,
        List<Resolution> resolutions) {

    /** Hugging Face's model_type of LLaVA-NeXT. */
    static final String NEXT = "llava_next";

    public LlavaConfig {
        eosTokenIds = Set.copyOf(eosTokenIds);
        resolutions = List.copyOf(resolutions);
        if (keepsClassPosition && !resolutions.isEmpty()) {
            throw new IllegalArgumentException(
                    "vision_feature_select_strategy is 'full'; a llava_next model joins tiles and so needs 'default'");
        }
        Bound.require("image_token_index", imageTokenId, 0, 1 << 20);
        Bound.require(
                "vision_feature_layer",
                visionFeatureLayer,
                -(vision.layers() + 1),
                vision.layers());
        // Here, so that a wrong resolution is a wrong configuration and not a later surprise.
        new ImageLayout(1, vision.imageSize(), vision.patchSize(), resolutions);
    }

    /** How many layers of the vision tower are loaded and run: the rest does not matter. */
    public int visionLayersRun() {
        return visionFeatureLayer < 0
                ? vision.layers() + 1 + visionFeatureLayer
                : visionFeatureLayer;
    }

    /** How images lie on tiles, and how many prompt positions they take. */
    public ImageLayout imageLayout() {
        return new ImageLayout(
                vision.patches() + (keepsClassPosition ? 1 : 0),
                vision.imageSize(),
                vision.patchSize(),
                resolutions);
    }

    /** Whether images are cut into tiles. */
    boolean isTiled() {
        return !resolutions.isEmpty();
    }

    /**
     * Reads a checkpoint's configuration.
     *
     * @throws ModelLoadException naming file, key and value where one is wrong or not supported
     */
    public static LlavaConfig read(Path directory) {
        ConfigSection root = ConfigSection.read(directory.resolve("config.json"));
        boolean isNext = root.text("model_type", "(absent)").equals(NEXT);
        root.requireText("model_type", "(absent)", "llava", NEXT);
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
                    root.flag("multimodal_projector_bias", true),
                    isNext
                            ? root.resolutions("image_grid_pinpoints", Resolution.DEFAULTS)
                            : List.of());
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
