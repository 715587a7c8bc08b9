package io.sightmill.llava;

/**
 * Rows of an image with its sides changed as an orientation says; transposed already where it asks
 * for that.
 */
record OrientedRows(RgbRows image, Orientation orientation) implements RgbRows {

    @Override
    public int width() {
        return image.width();
    }

    @Override
    public int height() {
        return image.height();
    }

    @Override
    public void read(int row, int[] rgb) {
        image.read(orientation.isFlipped() ? height() - 1 - row : row, rgb);
        if (orientation.isMirrored()) {
            mirror(rgb);
        }
    }

    private void mirror(int[] rgb) {
        for (int left = 0, right = width() - 1; left < right; left++, right--) {
            for (int channel = 0; channel < 3; channel++) {
                int sample = rgb[left * 3 + channel];
                rgb[left * 3 + channel] = rgb[right * 3 + channel];
                rgb[right * 3 + channel] = sample;
            }
        }
    }
}
