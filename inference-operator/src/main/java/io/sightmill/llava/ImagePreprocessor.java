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
 * Face's image processors for CLIP and LLaVA do.
 */
public final class ImagePreprocessor {

    private final PreprocessorConfig config;
    private final ImageDecoder decoder;
    private final int tokensPerImage;
    private final float[][] normalised;

    /**
     * @param tokensPerImage prompt tokens an image takes: the encoder's patches that reach the
     *     projector
     */
    public ImagePreprocessor(PreprocessorConfig config, ImageLimits limits, int tokensPerImage) {
        this.config = config;
        this.decoder = new ImageDecoder(limits);
        this.tokensPerImage = tokensPerImage;
        this.normalised = normalise(config);
    }

    /**
     * Decodes and prepares an image.
     *
     * @throws RequestRejectedException if the file is empty, too large or not a whole image in a
     *     supported format
     */
    public PixelImage preprocess(byte[] file) throws RequestRejectedException {
        byte[] rgb = square(decoder.decode(file));
        int plane = config.size() * config.size();
        float[] pixels = new float[3 * plane];
        for (int pixel = 0; pixel < plane; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                pixels[channel * plane + pixel] =
                        normalised[channel][rgb[pixel * 3 + channel] & 0xFF];
            }
        }
        return new PixelImage(pixels, config.size(), key(rgb), tokensPerImage);
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

    private String key(byte[] rgb) {
        MessageDigest digest = sha256();
        // Equal bytes are equal pixels only under the same scale and with the same token count.
        String processing =
                "%s %s %s %d"
                        .formatted(
                                config.rescaleFactor(),
                                config.mean(),
                                config.std(),
                                tokensPerImage);
        digest.update(processing.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(rgb));
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
