package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a checkpoint in the layout of the authors' own code: LLaVA v1, v1.5 and v1.6 as they were
 * first published. The text model's keys are at the root of config.json, those of the vision tower
 * in the CLIP checkpoint's.
 */
final class AuthorsConfigReader {

    private static final List<String> MODEL_TYPES =
            List.of("llava", "llava_llama", "llava_mistral");
    private static final Pattern PERCEPTRON = Pattern.compile("mlp(\\d{1,3})x_gelu");

    private final ConfigSection root;
    private final VisionTower tower;

    AuthorsConfigReader(ConfigSection root, VisionTower tower) {
        this.root = root;
        this.tower = tower;
    }

    /**
     * @throws ModelLoadException naming file, key and value where one is wrong or not supported
     */
    LlavaConfig read(Path directory) {
        try {
            requireNoScales();
            return new LlavaConfig(
                    vision(),
                    text(),
                    LlavaConfig.IMAGE_SLOT,
                    LlavaConfig.eosTokenIds(directory, root),
                    List.of(featureLayer()),
                    keepsClassPosition(),
                    projector(),
                    resolutions(),
                    framesImages());
        } catch (IllegalArgumentException e) {
            throw root.refused(e);
        }
    }

    /** Reads part by part, so that a wrong one does not hide what is wrong with the others. */
    void check(Path directory, Complaints complaints) {
        root.check(
                complaints,
                this::requireNoScales,
                this::vision,
                this::text,
                () -> LlavaConfig.eosTokenIds(directory, root),
                this::featureLayer,
                this::keepsClassPosition,
                this::projector,
                this::resolutions,
                this::framesImages);
    }

    private void requireNoScales() {
        if (root.flag("s2", false)) {
            throw new IllegalArgumentException("s2 is true; only false is supported");
        }
    }

    private VisionConfig vision() {
        VisionConfig vision = VisionConfig.from(tower.configuration());
        requireWidth(vision);
        return vision;
    }

    private int featureLayer() {
        return root.integer("mm_vision_select_layer", -2);
    }

    private boolean keepsClassPosition() {
        root.requireText("mm_vision_select_feature", "patch", "patch", "cls_patch");
        return root.text("mm_vision_select_feature", "patch").equals("cls_patch");
    }

    private ProjectorConfig projector() {
        return new ProjectorConfig(CheckpointLayout.AUTHORS, projectorLayers(), true);
    }

    private boolean framesImages() {
        return root.flag("mm_use_im_start_end", false);
    }

    /** The oldest files say {@code llava} whatever the text model is; the class tells. */
    private TextFamily textFamily() {
        String type = root.oneOf("model_type", "llava", MODEL_TYPES);
        boolean isMistral = root.texts("architectures").contains("LlavaMistralForCausalLM");
        return isMistral || type.equals("llava_mistral") ? TextFamily.MISTRAL : TextFamily.LLAMA;
    }

    /** Longer sequences than the tokenizer's limit were never trained. */
    private TextConfig text() {
        TextConfig text = TextConfig.from(root, textFamily(), false);
        return text.withContextTokens(
                Math.min(
                        text.contextTokens(),
                        root.integer("tokenizer_model_max_length", text.contextTokens())));
    }

    private void requireWidth(VisionConfig vision) {
        int width = root.integer("mm_hidden_size", vision.hiddenSize());
        if (width != vision.hiddenSize()) {
            throw new IllegalArgumentException(
                    "mm_hidden_size is %d, but the vision tower's hidden_size is %d"
                            .formatted(width, vision.hiddenSize()));
        }
    }

    private int projectorLayers() {
        String type = root.text("mm_projector_type", "linear");
        Matcher perceptron = PERCEPTRON.matcher(type);
        if (perceptron.matches()) {
            return Integer.parseInt(perceptron.group(1));
        }
        root.requireText("mm_projector_type", "linear", "linear", "mlpNx_gelu");
        return 1;
    }

    /** Tiles where the ratio is {@code anyres}; the authors write width before height. */
    private List<Resolution> resolutions() {
        root.requireText("image_aspect_ratio", "square", "square", "pad", "anyres");
        if (!root.text("image_aspect_ratio", "square").equals("anyres")) {
            return List.of();
        }
        root.requireText("mm_patch_merge_type", "flat", "spatial_unpad");
        return root.resolutions("image_grid_pinpoints", Resolution.DEFAULTS).stream()
                .map(pair -> new Resolution(pair.width(), pair.height()))
                .toList();
    }
}
