package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads config.json of a LLaVA-1.5 or LLaVA-NeXT checkpoint as old and new releases of Hugging
 * Face's library write it.
 */
final class HuggingFaceConfigReader {

    private final ConfigSection root;

    HuggingFaceConfigReader(ConfigSection root) {
        this.root = root;
    }

    /**
     * @throws ModelLoadException naming file, key and value where one is wrong or not supported
     */
    LlavaConfig read(Path directory) {
        boolean isNext = root.text("model_type", "(absent)").equals(LlavaConfig.NEXT);
        root.requireText("model_type", "(absent)", "llava", LlavaConfig.NEXT);
        root.requireText("projector_hidden_act", "gelu", "gelu");
        VisionConfig vision = VisionConfig.from(root.section("vision_config"));
        ConfigSection text = root.section("text_config");
        boolean tied = root.flag("tie_word_embeddings", false);
        boolean biased = root.flag("multimodal_projector_bias", true);
        try {
            return new LlavaConfig(
                    vision,
                    TextConfig.from(text, TextFamily.of(text), tied),
                    imageTokenId(),
                    LlavaConfig.eosTokenIds(directory, text),
                    root.integers("vision_feature_layer", List.of(-2)),
                    keepsClassPosition(),
                    new ProjectorConfig(CheckpointLayout.HUGGING_FACE, 2, biased),
                    isNext
                            ? root.resolutions("image_grid_pinpoints", Resolution.DEFAULTS)
                            : List.of(),
                    false);
        } catch (IllegalArgumentException e) {
            throw root.refused(e);
        }
    }

    private int imageTokenId() {
        int id = root.integer("image_token_index", root.integer("image_token_id", 32_000));
        Bound.require("image_token_index", id, 0, 1 << 20);
        return id;
    }

    private boolean keepsClassPosition() {
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
}
