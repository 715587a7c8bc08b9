package io.sightmill.llava;

/** A decoded image, read row by row, so that no second copy of it is made. */
interface RgbRows {

    /** In pixels. */
    int width();

    /** In pixels. */
    int height();

    /**
     * Reads one row.
     *
     * @param rgb gets width times 3 values in 0..255: red, green, blue of each pixel
     */
    void read(int row, int[] rgb);
}
