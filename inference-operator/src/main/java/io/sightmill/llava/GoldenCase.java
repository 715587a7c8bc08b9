package io.sightmill.llava;

import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Inputs and outputs of a reference implementation, from one safetensors file.
 *
 * @param prompt from {@code input_ids [1, T]} and {@code pixel_values [images, 3, size, size]}
 * @param projectorOutput {@code projector_output [images, tokens, width]}; empty if not recorded
 * @param logits {@code logits [1, T, vocabulary]}; empty if not recorded
 * @param generatedIds {@code generated_ids [1, N]}: greedy, end tokens ignored
 * @param generatedLogits {@code generated_logits [1, N, vocabulary]}; empty if not recorded
 */
record GoldenCase(
        String name,
        Prompt prompt,
        Optional<float[]> projectorOutput,
        Optional<float[]> logits,
        int[] generatedIds,
        Optional<float[]> generatedLogits) {

    GoldenCase {
        if (prompt.length() == 0 || generatedIds.length == 0) {
            throw new IllegalArgumentException(
                    name
                            + " has "
                            + prompt.length()
                            + " input_ids and "
                            + generatedIds.length
                            + " generated_ids; it must have some of both");
        }
    }

    /** Positions of KV memory that prompt and generated tokens take. */
    int positions() {
        return prompt.length() + generatedIds.length;
    }

    /**
     * Reads a case for a model.
     *
     * @throws ModelLoadException if the file is broken or does not fit the model
     */
    static GoldenCase read(Path path, LlavaConfig config) {
        SafetensorsFile file = SafetensorsFile.open(path);
        try {
            return new GoldenCase(
                    String.valueOf(path.getFileName()),
                    prompt(file, config),
                    floats(file, "projector_output"),
                    floats(file, "logits"),
                    ids(file, "generated_ids"),
                    floats(file, "generated_logits"));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ModelLoadException(path + " is no case for this model: " + e.getMessage(), e);
        }
    }

    private static Prompt prompt(SafetensorsFile file, LlavaConfig config) {
        int[] ids = ids(file, "input_ids");
        int size = config.vision().imageSize();
        int pixelsEach = 3 * size * size;
        float[] pixels = floats(file, "pixel_values").orElse(new float[0]);
        int[] starts = imageStarts(ids, config);
        if (pixels.length != (long) starts.length * pixelsEach) {
            throw new ModelLoadException(
                    "%s has %d pixel values for the %d images of its prompt; the model takes 3 x %d x %d each"
                            .formatted(file.path(), pixels.length, starts.length, size, size));
        }
        List<ImageSpan> images = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            float[] own = Arrays.copyOfRange(pixels, i * pixelsEach, (i + 1) * pixelsEach);
            images.add(
                    new ImageSpan(
                            starts[i],
                            new PixelImage(
                                    own, size, file.path() + " image " + i, config.imageTokens())));
        }
        return new Prompt(ids, images);
    }

    /** Every image takes the same number of positions, so runs of the image token divide evenly. */
    private static int[] imageStarts(int[] ids, LlavaConfig config) {
        int[] positions =
                IntStream.range(0, ids.length)
                        .filter(i -> ids[i] == config.imageTokenId())
                        .toArray();
        if (positions.length % config.imageTokens() != 0) {
            throw new ModelLoadException(
                    "the prompt has %d image tokens, no multiple of the model's %d an image"
                            .formatted(positions.length, config.imageTokens()));
        }
        return IntStream.range(0, positions.length / config.imageTokens())
                .map(image -> positions[image * config.imageTokens()])
                .toArray();
    }

    private static Optional<float[]> floats(SafetensorsFile file, String name) {
        return file.tensor(name).map(tensor -> file.floats(name));
    }

    private static int[] ids(SafetensorsFile file, String name) {
        return Arrays.stream(file.longs(name)).mapToInt(Math::toIntExact).toArray();
    }
}
