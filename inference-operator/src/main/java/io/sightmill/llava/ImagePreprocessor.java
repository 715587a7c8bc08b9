package io.sightmill.llava;

import io.sightmill.engine.RequestRejectedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The preprocess stage for one image: file bytes in, the encoder's pixels out. Thread-safe.
 *
 * <p>Pad or not, resize, cut the middle square, rescale, normalise, in this order, as Hugging
 * Face's image processors for CLIP and LLaVA do. Where the layout has tiles, the image is resized
 * once more to lie in their middle, and they follow row by row.
 */
public final class ImagePreprocessor {

    private final PreprocessorConfig config;
    private final ImageDecoder decoder;
    private final ImageLayout layout;
    private final float[][] normalised;

    /**
     * Every image is one tile.
     *
     * @param tokensPerImage prompt tokens an image takes: the encoder's patches that reach the
     *     projector
     */
    public ImagePreprocessor(PreprocessorConfig config, ImageLimits limits, int tokensPerImage) {
        this(config, ImageReading.asReference(limits), ImageLayout.oneTile(tokensPerImage));
    }

    /**
     * @param layout what the model makes of an image's size; tiles are as large as what config
     *     makes
     * @throws IllegalArgumentException if they are not
     */
    public ImagePreprocessor(PreprocessorConfig config, ImageLimits limits, ImageLayout layout) {
        this(config, ImageReading.asReference(limits), layout);
    }

    /** The same with another way to read images. */
    public ImagePreprocessor(PreprocessorConfig config, ImageReading reading, ImageLayout layout) {
        if (!layout.resolutions().isEmpty() && layout.tileSize() != config.size()) {
            throw new IllegalArgumentException(
                    "tiles have %d pixels a side and images are prepared with %d"
                            .formatted(layout.tileSize(), config.size()));
        }
        this.config = config;
        this.decoder = new ImageDecoder(reading);
        this.layout = layout;
        this.normalised = normalise(config);
    }

    /**
     * Decodes and prepares an image.
     *
     * @throws RequestRejectedException if the file is empty, too large or not a whole image in a
     *     supported format
     */
    public PixelImage preprocess(byte[] file) throws RequestRejectedException {
        RgbRows image = decoder.decode(file);
        TileGrid grid = layout.grid(image.height(), image.width());
        MessageDigest digest = digest(grid);
        float[] pixels = new float[3 * config.size() * config.size() * grid.tiles()];
        for (int index = 0; index < grid.tiles(); index++) {
            byte[] rgb = index == 0 ? square(image) : tile(image, grid, index - 1);
            digest.update(rgb);
            fill(pixels, index, rgb);
        }
        String key = HexFormat.of().formatHex(digest.digest());
        return new PixelImage(pixels, config.size(), grid, key, layout.tokens(grid));
    }

    private void fill(float[] pixels, int tile, byte[] rgb) {
        int plane = config.size() * config.size();
        for (int pixel = 0; pixel < plane; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                pixels[(tile * 3 + channel) * plane + pixel] =
                        normalised[channel][rgb[pixel * 3 + channel] & 0xFF];
            }
        }
    }

    /** One of the tiles behind the whole image's, before rescaling: [size, size, 3] in 0..255. */
    byte[] tile(RgbRows image, TileGrid grid, int index) {
        int size = config.size();
        int barLeft = (grid.columns() * size - grid.imageWidth()) / 2;
        int barTop = (grid.rows() * size - grid.imageHeight()) / 2;
        return BicubicResize.apply(
                image,
                new BicubicResize.Plan(
                        image.width(),
                        image.height(),
                        config.background(),
                        grid.imageWidth(),
                        grid.imageHeight(),
                        (long) index % grid.columns() * size - barLeft,
                        (long) index / grid.columns() * size - barTop,
                        size));
    }

    /** Padded, resized and cut, before rescaling: [size, size, 3] in 0..255. */
    byte[] square(RgbRows image) {
        boolean pads = config.padding() == PreprocessorConfig.Padding.SQUARE;
        int longest = Math.max(image.width(), image.height());
        int width = pads ? longest : image.width();
        int height = pads ? longest : image.height();
        long side = config.resizeSide();
        boolean keepsShape = config.resize() == PreprocessorConfig.Resize.SHORTEST_EDGE;
        boolean resizes = config.resize() != PreprocessorConfig.Resize.NONE;
        long outputWidth =
                !resizes ? width : keepsShape && width > height ? longEdge(width, height) : side;
        long outputHeight =
                !resizes ? height : keepsShape && height > width ? longEdge(height, width) : side;
        return BicubicResize.apply(
                image,
                new BicubicResize.Plan(
                        width,
                        height,
                        config.background(),
                        outputWidth,
                        outputHeight,
                        config.size()));
    }

    private long longEdge(int longSide, int shortSide) {
        return (long) ((double) ((long) config.resizeSide() * longSide) / shortSide);
    }

    /** Begun with all that makes of equal bytes different features: scale, tokens, tiles. */
    private MessageDigest digest(TileGrid grid) {
        MessageDigest digest = sha256();
        String processing =
                "%s %s %s %d %d %s"
                        .formatted(
                                config.rescaleFactor(),
                                config.mean(),
                                config.std(),
                                layout.tokens(grid),
                                config.size(),
                                grid);
        digest.update(processing.getBytes(StandardCharsets.UTF_8));
        return digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** What becomes of each byte, [channel][value]: there are only 256 of them. */
    private static float[][] normalise(PreprocessorConfig config) {
        float[][] table = new float[3][256];
        for (int channel = 0; channel < 3; channel++) {
            float mean = config.mean().get(channel).floatValue();
            float std = config.std().get(channel).floatValue();
            for (int value = 0; value < 256; value++) {
                table[channel][value] = ((float) (value * config.rescaleFactor()) - mean) / std;
            }
        }
        return table;
    }
}
