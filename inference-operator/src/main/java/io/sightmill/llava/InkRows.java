package io.sightmill.llava;

import java.awt.image.Raster;

/**
 * Rows of an image in cyan, magenta, yellow and black as 8-bit red, green and blue.
 *
 * <p>Each ink takes away from white what it covers, and no colour profile is asked: the reference's
 * conversion, to the byte.
 */
final class InkRows implements RgbRows {

    /** How the four samples of a pixel are stored. */
    enum Storage {
        /** 255 is full ink: TIFF. */
        INKS,
        /** 0 is full ink: JPEG, where everyone follows Adobe. */
        INVERTED,
        /** As INVERTED, with the three colours as luminance and chrominance. */
        INVERTED_LUMINANCE
    }

    private final Raster raster;
    private final Storage storage;
    private final int extraBits;
    private final int[] samples;

    /**
     * @param raster four bands or more of 8 or 16 bits
     */
    InkRows(Raster raster, Storage storage) {
        if (raster.getNumBands() < 4) {
            throw new IllegalArgumentException("inks have 4 samples, not " + raster.getNumBands());
        }
        this.raster = raster;
        this.storage = storage;
        this.extraBits = raster.getSampleModel().getSampleSize(0) - 8;
        this.samples = new int[raster.getWidth() * raster.getNumBands()];
    }

    @Override
    public int width() {
        return raster.getWidth();
    }

    @Override
    public int height() {
        return raster.getHeight();
    }

    @Override
    public void read(int row, int[] rgb) {
        raster.getPixels(raster.getMinX(), raster.getMinY() + row, width(), 1, samples);
        int bands = raster.getNumBands();
        for (int column = 0; column < width(); column++) {
            int at = column * bands;
            for (int band = 0; band < 4; band++) {
                int sample = samples[at + band] >> extraBits;
                samples[at + band] = storage == Storage.INKS ? sample : 255 - sample;
            }
            if (storage == Storage.INVERTED_LUMINANCE) {
                fromLuminance(at);
            }
            int light = 255 - samples[at + 3];
            for (int channel = 0; channel < 3; channel++) {
                rgb[column * 3 + channel] =
                        Math.max(0, light - scale(samples[at + channel], light));
            }
        }
    }

    /** libjpeg's fixed point for luminance and chrominance, with 16 bits. */
    private void fromLuminance(int at) {
        int luminance = 255 - samples[at];
        int blue = 127 - samples[at + 1];
        int red = 127 - samples[at + 2];
        samples[at] = clip(luminance + (91_881 * red + 32_768 >> 16));
        samples[at + 1] = clip(luminance + (-22_554 * blue - 46_802 * red + 32_768 >> 16));
        samples[at + 2] = clip(luminance + (116_130 * blue + 32_768 >> 16));
    }

    /** a * b / 255, rounded, without a division. */
    private static int scale(int a, int b) {
        int product = a * b + 128;
        return (product >> 8) + product >> 8;
    }

    private static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
