package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

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
        requireModelType();
        try {
            return new LlavaConfig(
                    vision(),
                    text(),
                    imageTokenId(),
                    eosTokenIds(directory),
                    featureLayers(),
                    keepsClassPosition(),
                    projector(),
                    resolutions(),
                    false);
        } catch (IllegalArgumentException e) {
            throw root.refused(e);
        }
    }

    /** Reads part by part, so that a wrong one does not hide what is wrong with the others. */
    void check(Path directory, Complaints complaints) {
        root.check(
                complaints,
                this::requireModelType,
                this::vision,
                this::text,
                this::imageTokenId,
                () -> eosTokenIds(directory),
                this::featureLayers,
                this::keepsClassPosition,
                this::projector,
                this::resolutions);
    }

    private void requireModelType() {
        root.requireText("model_type", "(absent)", "llava", LlavaConfig.NEXT);
    }

    private VisionConfig vision() {
        return VisionConfig.from(root.section("vision_config"));
    }

    private TextConfig text() {
        ConfigSection text = root.section("text_config");
        return TextConfig.from(text, TextFamily.of(text), root.flag("tie_word_embeddings", false));
    }

    private Set<Integer> eosTokenIds(Path directory) {
        return LlavaConfig.eosTokenIds(directory, root.section("text_config"));
    }

    private List<Integer> featureLayers() {
        return root.integers("vision_feature_layer", List.of(-2));
    }

    private ProjectorConfig projector() {
        root.requireText("projector_hidden_act", "gelu", "gelu");
        boolean biased = root.flag("multimodal_projector_bias", true);
        return new ProjectorConfig(CheckpointLayout.HUGGING_FACE, 2, biased);
    }

    private List<Resolution> resolutions() {
        return root.text("model_type", "(absent)").equals(LlavaConfig.NEXT)
                ? root.resolutions("image_grid_pinpoints", Resolution.DEFAULTS)
                : List.of();
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
