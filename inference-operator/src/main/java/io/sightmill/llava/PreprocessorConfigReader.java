package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.llava.PreprocessorConfig.Padding;
import io.sightmill.llava.PreprocessorConfig.Resize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads preprocessor_config.json; what a file leaves out is as Hugging Face has it for CLIP. */
final class PreprocessorConfigReader {

    private static final String FILE = "preprocessor_config.json";
    private static final String PINPOINTS = "image_grid_pinpoints";
    private static final String ASPECT_RATIO = "image_aspect_ratio";
    private static final int BICUBIC = 3;
    private static final int CLIP_SIDE = 224;
    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

    private final ConfigurationFile file;
    private final ConfigurationFile model;
    private final boolean isTiled;

    PreprocessorConfigReader(Path directory, Optional<Path> visionTower) {
        Optional<ConfigurationFile> config =
                ConfigurationFile.readIfPresent(directory.resolve("config.json"));
        Optional<VisionTower> tower =
                config.flatMap(found -> VisionTower.of(directory, visionTower, found));
        this.file =
                tower.map(VisionTower::preprocessor)
                        .orElseGet(() -> ConfigurationFile.read(directory.resolve(FILE)));
        this.model = config.orElse(file);
        this.isTiled =
                tower.isPresent()
                        ? model.text(ASPECT_RATIO).filter("anyres"::equals).isPresent()
                        : model.text("model_type").filter(LlavaConfig.NEXT::equals).isPresent();
    }

    /**
     * @throws ModelLoadException naming file and key
     */
    PreprocessorConfig read() {
        requireBicubic();
        Padding padding = padding();
        Resize resize = resize();
        int resizeSide = resize == Resize.NONE ? 0 : side("size");
        boolean crops = file.flag("do_center_crop", true);
        if (!crops) {
            requireSquareWithoutCrop(padding, resize);
        }
        if (isTiled) {
            requireTiles(resize, resizeSide, crops);
        }
        try {
            return new PreprocessorConfig(
                    padding,
                    resize,
                    resizeSide,
                    crops ? side("crop_size") : resizeSide,
                    rescaleFactor(),
                    normalization("image_mean", CLIP_MEAN, 0.0),
                    normalization("image_std", CLIP_STD, 1.0));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(file.path() + ": " + e.getMessage(), e);
        }
    }

    /** Hugging Face's do_pad, or the authors' image_aspect_ratio in this file or config.json. */
    private Padding padding() {
        if (isTiled) {
            // There do_pad fills a batch up with tiles, and the ratio is kept by the tiles.
            return Padding.NONE;
        }
        if (file.flag("do_pad", false)) {
            return Padding.SQUARE;
        }
        ConfigurationFile holder = file.find(ASPECT_RATIO).isPresent() ? file : model;
        String ratio = holder.text(ASPECT_RATIO).orElse("square");
        return switch (ratio) {
            case "pad" -> Padding.SQUARE;
            case "square" -> Padding.NONE;
            default -> throw holder.wrong(ASPECT_RATIO, ratio, "\"pad\" or \"square\"");
        };
    }

    private Resize resize() {
        if (!file.flag("do_resize", true)) {
            return Resize.NONE;
        }
        if (isTiled) {
            // The tile that shows the whole image squeezes it to a square.
            return Resize.EXACT;
        }
        boolean isExact = file.find("size").filter(size -> size.has("height")).isPresent();
        return isExact ? Resize.EXACT : Resize.SHORTEST_EDGE;
    }

    private void requireBicubic() {
        JsonNode resample = file.find("resample").orElse(null);
        if (resample != null && (!resample.isInt() || resample.intValue() != BICUBIC)) {
            throw file.wrong("resample", resample, BICUBIC + " (bicubic)");
        }
    }

    private void requireSquareWithoutCrop(Padding padding, Resize resize) {
        if (resize == Resize.NONE) {
            throw file.wrong("do_resize", false, "true where do_center_crop is false");
        }
        if (resize != Resize.EXACT && padding != Padding.SQUARE) {
            throw file.wrong(
                    "do_center_crop", false, "true, as size alone does not make images square");
        }
    }

    /** The reference would shrink and cut the tiles once more, or leave them of different sizes. */
    private void requireTiles(Resize resize, int resizeSide, boolean crops) {
        if (resize == Resize.NONE) {
            throw file.wrong("do_resize", false, "true for a " + LlavaConfig.NEXT + " model");
        }
        if (crops && side("crop_size") != resizeSide) {
            throw file.wrong(
                    "crop_size", side("crop_size"), "%d, as size is".formatted(resizeSide));
        }
        JsonNode own = file.find(PINPOINTS).orElse(null);
        JsonNode models = model.find(PINPOINTS).orElse(null);
        if (own != null && models != null && !own.equals(models)) {
            throw file.wrong(PINPOINTS, own, models + ", as in " + model.path());
        }
    }

    private int side(String key) {
        JsonNode value = file.find(key).orElse(null);
        if (value == null) {
            return CLIP_SIDE;
        }
        boolean isShortestEdge = value.has("shortest_edge") && value.size() == 1;
        JsonNode height = value;
        JsonNode width = value;
        if (isShortestEdge) {
            height = width = value.get("shortest_edge");
        } else if (value.isObject()) {
            height = value.path("height");
            width = value.path("width");
        }
        if (!height.isInt() || !height.equals(width)) {
            throw file.wrong(
                    key, value, "a whole number, {shortest_edge} or equal height and width");
        }
        return height.intValue();
    }

    private double rescaleFactor() {
        if (!file.flag("do_rescale", true)) {
            return 1;
        }
        JsonNode value = file.find("rescale_factor").orElse(null);
        if (value != null && !value.isNumber()) {
            throw file.wrong("rescale_factor", value, "a number");
        }
        return value == null ? 1 / 255.0 : value.doubleValue();
    }

    private List<Double> normalization(String key, List<Double> otherwise, double neutral) {
        if (!file.flag("do_normalize", true)) {
            return List.of(neutral, neutral, neutral);
        }
        JsonNode value = file.find(key).orElse(null);
        if (value == null) {
            return otherwise;
        }
        boolean areNumbers = value.isArray() && value.size() == 3;
        for (JsonNode number : value) {
            areNumbers &= number.isNumber();
        }
        if (!areNumbers) {
            throw file.wrong(key, value, "3 numbers");
        }
        return List.of(
                value.get(0).doubleValue(), value.get(1).doubleValue(), value.get(2).doubleValue());
    }
}
