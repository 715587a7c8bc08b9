package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How pixels become the vision encoder's input: preprocessor_config.json.
 *
 * @param padding what happens before resizing (image_aspect_ratio, do_pad)
 * @param resize how the image is resized (do_resize, size)
 * @param resizeSide side in pixels to resize to; without meaning for {@link Resize#NONE}
 * @param size side in pixels of the square the encoder sees (crop_size, or the resized side where
 *     do_center_crop is false)
 * @param rescaleFactor multiplies each byte (rescale_factor; 1 where do_rescale is false)
 * @param mean one a channel, taken away after rescaling (image_mean; 0 where do_normalize is false)
 * @param std one a channel, divides after that (image_std; 1 where do_normalize is false)
 */
public record PreprocessorConfig(
        Padding padding,
        Resize resize,
        int resizeSide,
        int size,
        double rescaleFactor,
        List<Double> mean,
        List<Double> std) {

    static final String FILE = "preprocessor_config.json";

    private static final int MOST_SIDE = 4_096;
    private static final int BICUBIC = 3;
    private static final int CLIP_SIDE = 224;
    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /** What is added around an image before it is resized. */
    public enum Padding {
        NONE,
        /** The short side is filled up with the mean colour, half on each side. */
        SQUARE
    }

    /** How an image is resized. */
    public enum Resize {
        NONE,
        /** The short side becomes resizeSide, the long one follows. */
        SHORTEST_EDGE,
        /** Both sides become resizeSide. */
        EXACT
    }

    public PreprocessorConfig {
        Objects.requireNonNull(padding, "padding");
        Objects.requireNonNull(resize, "resize");
        requireSide("size", size);
        if (resize != Resize.NONE) {
            requireSide("resizeSide", resizeSide);
        }
        if (!(rescaleFactor > 0) || Double.isInfinite(rescaleFactor)) {
            throw new IllegalArgumentException(
                    "rescaleFactor is " + rescaleFactor + " and must be above 0");
        }
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || !mean.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("mean is " + mean + " and must be 3 numbers");
        }
        if (std.size() != 3 || !std.stream().allMatch(v -> v > 0 && Double.isFinite(v))) {
            throw new IllegalArgumentException("std is " + std + " and must be 3 numbers above 0");
        }
    }

    /**
     * Reads preprocessor_config.json, and image_aspect_ratio of config.json where it is there.
     *
     * @throws ModelLoadException naming file and key
     */
    public static PreprocessorConfig read(Path directory) {
        ConfigurationFile file = ConfigurationFile.read(directory.resolve(FILE));
        requireBicubic(file);
        Padding padding = readPadding(directory, file);
        boolean resizes = file.flag("do_resize", true);
        boolean crops = file.flag("do_center_crop", true);
        JsonNode sizeNode = file.find("size").orElse(null);
        Resize resize = !resizes ? Resize.NONE : resizeOf(sizeNode);
        int resizeSide = resizes ? side(file, "size", sizeNode) : 0;
        int size =
                crops ? side(file, "crop_size", file.find("crop_size").orElse(null)) : resizeSide;
        if (!crops && resize != Resize.EXACT && padding != Padding.SQUARE) {
            throw file.wrong(
                    "do_center_crop", false, "true, as size alone does not make images square");
        }
        if (!crops && !resizes) {
            throw file.wrong("do_resize", false, "true where do_center_crop is false");
        }
        boolean normalizes = file.flag("do_normalize", true);
        try {
            return new PreprocessorConfig(
                    padding,
                    resize,
                    resizeSide,
                    size,
                    file.flag("do_rescale", true) ? rescaleFactor(file) : 1,
                    normalizes ? numbers(file, "image_mean", CLIP_MEAN) : List.of(0.0, 0.0, 0.0),
                    normalizes ? numbers(file, "image_std", CLIP_STD) : List.of(1.0, 1.0, 1.0));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(file.path() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The same with another padding; the authors' own evaluation pads where published files crop.
     */
    public PreprocessorConfig withPadding(Padding other) {
        return new PreprocessorConfig(other, resize, resizeSide, size, rescaleFactor, mean, std);
    }

    /** The padding's colour: red, green and blue of the mean, in 0..255, truncated. */
    int[] background() {
        return mean.stream().mapToInt(channel -> (int) (channel * 255)).toArray();
    }

    private static Padding readPadding(Path directory, ConfigurationFile file) {
        if (file.flag("do_pad", false)) {
            return Padding.SQUARE;
        }
        ConfigurationFile model =
                ConfigurationFile.readIfPresent(directory.resolve("config.json")).orElse(file);
        ConfigurationFile holder = file.find("image_aspect_ratio").isPresent() ? file : model;
        String ratio = holder.text("image_aspect_ratio").orElse("square");
        return switch (ratio) {
            case "pad" -> Padding.SQUARE;
            case "square" -> Padding.NONE;
            default -> throw holder.wrong("image_aspect_ratio", ratio, "\"pad\" or \"square\"");
        };
    }

    private static void requireBicubic(ConfigurationFile file) {
        int resample = file.find("resample").map(JsonNode::asInt).orElse(BICUBIC);
        if (resample != BICUBIC) {
            throw file.wrong("resample", resample, BICUBIC + " (bicubic)");
        }
    }

    private static Resize resizeOf(JsonNode size) {
        return size != null && size.has("height") ? Resize.EXACT : Resize.SHORTEST_EDGE;
    }

    private static int side(ConfigurationFile file, String key, JsonNode value) {
        if (value == null) {
            return CLIP_SIDE;
        }
        JsonNode height = value.isObject() ? value.path("height") : value;
        JsonNode width = value.isObject() ? value.path("width") : value;
        if (value.has("shortest_edge") && value.size() == 1 && key.equals("size")) {
            height = width = value.get("shortest_edge");
        }
        if (!height.canConvertToInt() || !height.isIntegralNumber() || !height.equals(width)) {
            throw file.wrong(
                    key, value, "a whole number, {shortest_edge} or equal height and width");
        }
        return height.intValue();
    }

    private static double rescaleFactor(ConfigurationFile file) {
        JsonNode value = file.find("rescale_factor").orElse(null);
        if (value != null && !value.isNumber()) {
            throw file.wrong("rescale_factor", value, "a number");
        }
        return value == null ? 1 / 255.0 : value.doubleValue();
    }

    private static List<Double> numbers(
            ConfigurationFile file, String key, List<Double> otherwise) {
        JsonNode value = file.find(key).orElse(null);
        if (value == null) {
            return otherwise;
        }
        if (!value.isArray() || value.size() != 3 || !isNumber(value, 0, 1, 2)) {
            throw file.wrong(key, value, "3 numbers");
        }
        return List.of(
                value.get(0).doubleValue(), value.get(1).doubleValue(), value.get(2).doubleValue());
    }

    private static boolean isNumber(JsonNode array, int... indexes) {
        for (int index : indexes) {
            if (!array.get(index).isNumber()) {
                return false;
            }
        }
        return true;
    }

    private static void requireSide(String key, int side) {
        if (side < 1 || side > MOST_SIDE) {
            throw new IllegalArgumentException(
                    "%s is %d and must be 1..%d pixels".formatted(key, side, MOST_SIDE));
        }
    }
}
