package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What config.json and generation_config.json of a LLaVA checkpoint say: v1, v1.5 or NeXT, in
 * Hugging Face's layout or the authors' own.
 *
 * @param imageTokenId stands in a prompt for each position that an image takes; {@link #IMAGE_SLOT}
 *     where the tokenizer has no token for it
 * @param eosTokenIds end an answer
 * @param visionFeatureLayers which hidden states of the vision tower are used, side by side: 0 is
 *     what enters the first layer, k what leaves layer k; negative ones count from the end
 * @param keepsClassPosition whether the class position is among an image's tokens
 * @param resolutions what LLaVA-NeXT lays images out on (image_grid_pinpoints); empty for one tile
 * @param framesImages whether {@code <im_start>} and {@code <im_end>} stand around each image
 *     (mm_use_im_start_end)
 */
public record LlavaConfig(
        VisionConfig vision,
        TextConfig text,
        int imageTokenId,
        Set<Integer> eosTokenIds,
        List<Integer> visionFeatureLayers,
        boolean keepsClassPosition,
        ProjectorConfig projector,
        List<Resolution> resolutions,
        boolean framesImages) {

    /** Hugging Face's model_type of LLaVA-NeXT. */
    static final String NEXT = "llava_next";

    /**
     * An image's positions where no token stands for them; the authors' own number for it. No token
     * has it, and features take these positions before anything is looked up.
     */
    static final int IMAGE_SLOT = -200;

    private static final int MOST_FEATURE_LAYERS = 16;

    public LlavaConfig {
        eosTokenIds = Set.copyOf(eosTokenIds);
        resolutions = List.copyOf(resolutions);
        visionFeatureLayers = List.copyOf(visionFeatureLayers);
        if (keepsClassPosition && !resolutions.isEmpty()) {
            throw new IllegalArgumentException(
                    "the class position is kept (vision_feature_select_strategy is 'full', or mm_vision_select_feature 'cls_patch'); a model that joins tiles needs 'default', or 'patch'");
        }
        if (imageTokenId != IMAGE_SLOT) {
            Bound.require("image_token_index", imageTokenId, 0, 1 << 20);
        }
        Bound.require(
                "vision_feature_layer entries", visionFeatureLayers.size(), 1, MOST_FEATURE_LAYERS);
        for (int layer : visionFeatureLayers) {
            Bound.require("vision_feature_layer", layer, -(vision.layers() + 1), vision.layers());
        }
        // Here, so that a wrong resolution is a wrong configuration and not a later surprise.
        new ImageLayout(1, vision.imageSize(), vision.patchSize(), resolutions);
    }

    /**
     * Which hidden states of the vision tower are used, in the order in which they stand side by
     * side; 0 is what enters the first layer.
     */
    List<Integer> visionStates() {
        return visionFeatureLayers.stream()
                .map(layer -> layer < 0 ? vision.layers() + 1 + layer : layer)
                .toList();
    }

    /** How many layers of the vision tower are loaded and run: the rest does not matter. */
    public int visionLayersRun() {
        return visionStates().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** Width of what the projector takes. */
    int visionFeatureWidth() {
        return vision.hiddenSize() * visionFeatureLayers.size();
    }

    /** How images lie on tiles, and how many prompt positions they take. */
    public ImageLayout imageLayout() {
        return new ImageLayout(
                vision.patches() + (keepsClassPosition ? 1 : 0),
                vision.imageSize(),
                vision.patchSize(),
                resolutions,
                projector.layout().rounding());
    }

    /** Whether images are cut into tiles. */
    boolean isTiled() {
        return !resolutions.isEmpty();
    }

    /**
     * Reads a checkpoint's configuration, in whichever layout it is.
     *
     * @throws ModelLoadException naming file, key and value where one is wrong or not supported
     */
    public static LlavaConfig read(Path directory) {
        return read(directory, Optional.empty());
    }

    /** The same with the vision tower's directory, for a checkpoint in the authors' layout. */
    static LlavaConfig read(Path directory, Optional<Path> visionTower) {
        return read(directory, visionTower, Complaints.thrown()).orElseThrow();
    }

    /** The same; empty where anything is wrong, and then as much as can be found is said. */
    static Optional<LlavaConfig> read(
            Path directory, Optional<Path> visionTower, Complaints complaints) {
        return complaints
                .attempt(() -> ConfigurationFile.read(directory.resolve("config.json")))
                .flatMap(file -> read(directory, visionTower, file, complaints));
    }

    private static Optional<LlavaConfig> read(
            Path directory,
            Optional<Path> visionTower,
            ConfigurationFile file,
            Complaints complaints) {
        ConfigSection root = ConfigSection.of(file);
        Optional<Optional<VisionTower>> tower =
                complaints.attempt(() -> VisionTower.of(directory, visionTower, file));
        if (tower.isEmpty()) {
            return Optional.empty();
        }
        if (tower.get().isPresent()) {
            AuthorsConfigReader reader = new AuthorsConfigReader(root, tower.get().get());
            reader.check(directory, complaints);
            return complaints.attempt(() -> reader.read(directory));
        }
        HuggingFaceConfigReader reader = new HuggingFaceConfigReader(root);
        reader.check(directory, complaints);
        return complaints.attempt(() -> reader.read(directory));
    }

    static Set<Integer> eosTokenIds(Path directory, ConfigSection text) {
        Set<Integer> fromText = text.integers("eos_token_id", Set.of(2));
        Path file = directory.resolve("generation_config.json");
        return Files.exists(file)
                ? ConfigSection.read(file).integers("eos_token_id", fromText)
                : fromText;
    }
}
