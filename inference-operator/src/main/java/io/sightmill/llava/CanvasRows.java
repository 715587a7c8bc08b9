package io.sightmill.llava;

/**
 * Rows of an image that covers a part of a larger canvas of one colour, as an animation's first
 * frame may.
 *
 * @param left first column of the canvas that the image covers
 * @param top first row of it
 * @param width of the canvas in pixels
 * @param height of the canvas in pixels
 * @param color of the rest, 0xRRGGBB
 */
record CanvasRows(RgbRows image, int left, int top, int width, int height, int color)
        implements RgbRows {

    CanvasRows {
        if (left < 0 || top < 0 || left + image.width() > width || top + image.height() > height) {
            throw new IllegalArgumentException(
                    "an image of %d x %d pixels does not lie at (%d, %d) of %d x %d"
                            .formatted(image.width(), image.height(), left, top, width, height));
        }
    }

    @Override
    public void read(int row, int[] rgb) {
        for (int column = 0; column < width; column++) {
            rgb[column * 3] = color >> 16 & 0xFF;
            rgb[column * 3 + 1] = color >> 8 & 0xFF;
            rgb[column * 3 + 2] = color & 0xFF;
        }
        if (row >= top && row < top + image.height()) {
            int[] covered = new int[image.width() * 3];
            image.read(row - top, covered);
            System.arraycopy(covered, 0, rgb, left * 3, covered.length);
        }
    }
}
