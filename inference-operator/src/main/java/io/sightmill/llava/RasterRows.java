package io.sightmill.llava;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * Rows of a decoded image as 8-bit red, green and blue.
 *
 * <p>Samples are taken as they are stored, as the reference's decoder does: grey is repeated, 16
 * bits keep the upper 8 (of grey alone only on request, else 255 stands for all above it), alpha is
 * dropped without blending, and colour profiles are not applied. Java's own conversion would take
 * grey as linear light.
 */
final class RasterRows implements RgbRows {

    private final BufferedImage image;
    private final Raster raster;
    private final int bands;
    private final int extraBits;
    private final boolean isComponents;
    private final boolean isPacked;
    private final boolean isCutOff;
    private final int[] samples;

    /** Of formats that have no grey of 16 bits. */
    RasterRows(BufferedImage image) {
        this(image, false);
    }

    /**
     * @throws IllegalArgumentException if the samples are neither bytes nor 16 bits
     */
    RasterRows(BufferedImage image, boolean scalesDeepGrey) {
        this.image = image;
        this.raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        this.bands = raster.getNumBands();
        this.extraBits = colors.getComponentSize(0) - 8;
        this.isComponents = colors instanceof ComponentColorModel && extraBits >= 0;
        this.isPacked = colors instanceof DirectColorModel;
        this.isCutOff = bands == 1 && extraBits == 8 && !scalesDeepGrey;
        if (isComponents && raster.getTransferType() > DataBuffer.TYPE_USHORT) {
            throw new IllegalArgumentException("its samples are neither bytes nor 16 bits");
        }
        this.samples = new int[image.getWidth() * Math.max(bands, 1)];
    }

    @Override
    public int width() {
        return image.getWidth();
    }

    @Override
    public int height() {
        return image.getHeight();
    }

    @Override
    public void read(int row, int[] rgb) {
        if (isCutOff) {
            readCutOff(row, rgb);
        } else if (isComponents) {
            readComponents(row, rgb);
        } else if (isPacked) {
            readPacked(row, rgb);
        } else {
            readColors(row, rgb);
        }
    }

    private void readCutOff(int row, int[] rgb) {
        raster.getPixels(0, row, width(), 1, samples);
        for (int column = 0; column < width(); column++) {
            Arrays.fill(rgb, column * 3, column * 3 + 3, Math.min(samples[column], 255));
        }
    }

    private void readComponents(int row, int[] rgb) {
        raster.getPixels(0, row, width(), 1, samples);
        boolean isGrey = bands < 3;
        for (int column = 0; column < width(); column++) {
            int at = column * bands;
            rgb[column * 3] = samples[at] >> extraBits;
            rgb[column * 3 + 1] = samples[isGrey ? at : at + 1] >> extraBits;
            rgb[column * 3 + 2] = samples[isGrey ? at : at + 2] >> extraBits;
        }
    }

    /** Samples of five or six bits are stretched to 255 and cut off, not rounded. */
    private void readPacked(int row, int[] rgb) {
        raster.getPixels(0, row, width(), 1, samples);
        int[] sizes = image.getSampleModel().getSampleSize();
        for (int column = 0; column < width(); column++) {
            for (int channel = 0; channel < 3; channel++) {
                int most = (1 << sizes[channel]) - 1;
                rgb[column * 3 + channel] = samples[column * bands + channel] * 255 / most;
            }
        }
    }

    /** Palettes: the colour model knows. */
    private void readColors(int row, int[] rgb) {
        image.getRGB(0, row, width(), 1, samples, 0, width());
        for (int column = 0; column < width(); column++) {
            int color = samples[column];
            rgb[column * 3] = color >> 16 & 0xFF;
            rgb[column * 3 + 1] = color >> 8 & 0xFF;
            rgb[column * 3 + 2] = color & 0xFF;
        }
    }
}
