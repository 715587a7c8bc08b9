package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

    private static final int MOST_SIDE = 4_096;

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
        return read(directory, Optional.empty());
    }

    /** The same with the vision tower's directory, for a checkpoint in the authors' layout. */
    static PreprocessorConfig read(Path directory, Optional<Path> visionTower) {
        return new PreprocessorConfigReader(directory, visionTower).read();
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

    private static void requireSide(String key, int side) {
        if (side < 1 || side > MOST_SIDE) {
            throw new IllegalArgumentException(
                    "%s is %d and must be 1..%d pixels".formatted(key, side, MOST_SIDE));
        }
    }
}
