package io.sightmill.llava;

import io.sightmill.engine.ImageSpan;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Inputs and outputs of a reference implementation, from one safetensors file.
 *
 * @param prompt from {@code input_ids [1, T]} and {@code pixel_values [images, 3, size, size]}, or
 *     {@code [images, tiles, 3, size, size]} with {@code image_sizes [images, 2]}; one id of -200
 *     stands for an image where the model has no token for it
 * @param projectorOutput {@code projector_output [images, tokens, width]}, what takes the image
 *     tokens' places; empty if not recorded
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
        float[] pixels = floats(file, "pixel_values").orElse(new float[0]);
        List<TileGrid> grids = grids(file, config, pixels.length / (3 * size * size));
        // Images of fewer tiles than the case's most are filled up with tiles that do not count.
        int mostTiles = grids.stream().mapToInt(TileGrid::tiles).max().orElse(1);
        int pixelsEach = 3 * size * size * mostTiles;
        if (pixels.length != (long) grids.size() * pixelsEach) {
            throw new ModelLoadException(
                    "%s has %d pixel values for %d images; the model takes %d x 3 x %d x %d each"
                            .formatted(
                                    file.path(),
                                    pixels.length,
                                    grids.size(),
                                    mostTiles,
                                    size,
                                    size));
        }
        List<PixelImage> images = new ArrayList<>();
        for (TileGrid grid : grids) {
            int from = images.size() * pixelsEach;
            images.add(
                    new PixelImage(
                            Arrays.copyOfRange(pixels, from, from + 3 * size * size * grid.tiles()),
                            size,
                            grid,
                            file.path() + " image " + images.size(),
                            config.imageLayout().tokens(grid)));
        }
        int[] whole = withWholeSlots(ids, images);
        return new Prompt(whole, spans(whole, images, config.imageTokenId()));
    }

    /** The authors' code has one slot an image; it becomes as many as the image takes positions. */
    private static int[] withWholeSlots(int[] ids, List<PixelImage> images) {
        long slots = Arrays.stream(ids).filter(id -> id == LlavaConfig.IMAGE_SLOT).count();
        if (slots != images.size()) {
            return ids;
        }
        Iterator<PixelImage> next = images.iterator();
        return Arrays.stream(ids)
                .flatMap(
                        id ->
                                id == LlavaConfig.IMAGE_SLOT
                                        ? IntStream.generate(() -> id).limit(next.next().tokens())
                                        : IntStream.of(id))
                .toArray();
    }

    /** Tiled models need the images' sizes, {@code image_sizes [images, 2]}: height, width. */
    private static List<TileGrid> grids(SafetensorsFile file, LlavaConfig config, int tiles) {
        if (!config.isTiled()) {
            return Collections.nCopies(tiles, TileGrid.NONE);
        }
        long[] sizes = tiles == 0 ? new long[0] : file.longs("image_sizes");
        List<TileGrid> grids = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i += 2) {
            int height = Math.toIntExact(sizes[i]);
            int width = Math.toIntExact(sizes[i + 1]);
            Bound.require("image_sizes", Math.min(height, width), 1, Integer.MAX_VALUE);
            grids.add(config.imageLayout().grid(height, width));
        }
        return grids;
    }

    /** The image tokens in order, as many to each image as it takes. */
    private static List<ImageSpan> spans(int[] ids, List<PixelImage> images, int imageTokenId) {
        int[] positions =
                IntStream.range(0, ids.length).filter(i -> ids[i] == imageTokenId).toArray();
        int needed = images.stream().mapToInt(PixelImage::tokens).sum();
        if (positions.length != needed) {
            throw new ModelLoadException(
                    "the prompt has %d image tokens; its images take %d"
                            .formatted(positions.length, needed));
        }
        List<ImageSpan> spans = new ArrayList<>();
        int next = 0;
        for (PixelImage image : images) {
            spans.add(new ImageSpan(positions[next], image));
            next += image.tokens();
        }
        return spans;
    }

    private static Optional<float[]> floats(SafetensorsFile file, String name) {
        return file.tensor(name).map(tensor -> file.floats(name));
    }

    private static int[] ids(SafetensorsFile file, String name) {
        return Arrays.stream(file.longs(name)).mapToInt(Math::toIntExact).toArray();
    }
}
