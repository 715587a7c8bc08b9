package io.sightmill.llava;

/**
 * The CLIP vision tower; names and defaults are those of {@code vision_config} in config.json.
 *
 * @param hiddenSize width of a position
 * @param intermediateSize width inside the feed-forward layer
 * @param layers how many the checkpoint has; {@link LlavaConfig#visionLayersRun()} may be fewer
 * @param imageSize pixels along each side
 * @param patchSize pixels along each side of a patch
 */
public record VisionConfig(
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int imageSize,
        int patchSize,
        double layerNormEps) {

    public VisionConfig {
        Bound.require("hidden_size", hiddenSize, 1, 16_384);
        Bound.require("intermediate_size", intermediateSize, 1, 65_536);
        Bound.require("num_hidden_layers", layers, 1, 256);
        Bound.require("num_attention_heads", heads, 1, 256);
        Bound.require("image_size", imageSize, 1, 4_096);
        Bound.require("patch_size", patchSize, 1, 512);
        Bound.requireMultiple("hidden_size", hiddenSize, "num_attention_heads", heads);
        Bound.requireMultiple("image_size", imageSize, "patch_size", patchSize);
        Bound.requirePositive("layer_norm_eps", layerNormEps);
    }

    /** Positions of an image without the class position. */
    public int patches() {
        return (imageSize / patchSize) * (imageSize / patchSize);
    }

    static VisionConfig from(ConfigSection section) {
        section.requireText("model_type", "clip_vision_model", "clip_vision_model");
        section.requireText("hidden_act", "quick_gelu", "quick_gelu");
        // Without a vision_config at all the defaults are LLaVA's ViT-L/14-336; inside one, CLIP's.
        boolean absent = section.isEmpty();
        try {
            Bound.require("num_channels", section.integer("num_channels", 3), 3, 3);
            return new VisionConfig(
                    section.integer("hidden_size", absent ? 1024 : 768),
                    section.integer("intermediate_size", absent ? 4096 : 3072),
                    section.integer("num_hidden_layers", absent ? 24 : 12),
                    section.integer("num_attention_heads", absent ? 16 : 12),
                    section.integer("image_size", absent ? 336 : 224),
                    section.integer("patch_size", absent ? 14 : 32),
                    section.decimal("layer_norm_eps", 1e-5));
        } catch (IllegalArgumentException e) {
            throw section.refused(e);
        }
    }
}
