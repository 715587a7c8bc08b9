package io.sightmill.llava;

/**
 * Columns of an image as rows. Holds a copy of three bytes a pixel: decoded images give rows, and
 * to read them once for each column would cost the image's size squared.
 */
final class TransposedRows implements RgbRows {

    private final byte[] samples;
    private final int width;
    private final int height;

    private TransposedRows(byte[] samples, int width, int height) {
        this.samples = samples;
        this.width = width;
        this.height = height;
    }

    static TransposedRows of(RgbRows image) {
        int width = image.height();
        byte[] samples = new byte[Math.multiplyExact(3 * image.width(), width)];
        int[] rgb = new int[image.width() * 3];
        for (int column = 0; column < width; column++) {
            image.read(column, rgb);
            for (int row = 0; row < image.width(); row++) {
                int at = (row * width + column) * 3;
                samples[at] = (byte) rgb[row * 3];
                samples[at + 1] = (byte) rgb[row * 3 + 1];
                samples[at + 2] = (byte) rgb[row * 3 + 2];
            }
        }
        return new TransposedRows(samples, width, image.width());
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public void read(int row, int[] rgb) {
        int at = row * width * 3;
        for (int i = 0; i < width * 3; i++) {
            rgb[i] = samples[at + i] & 0xFF;
        }
    }
}
