package io.sightmill.llava;

/**
 * How an image lies on tiles: row by row, beside the tile that shows the whole image, and which of
 * their patches show the image and not the bars around it.
 *
 * @param rows tiles below each other; 0 where the whole image is the only tile
 * @param columns tiles beside each other; 0 where the whole image is the only tile
 * @param imageHeight height in pixels of the resized image, in the middle of the tiles
 * @param imageWidth width in pixels of the resized image, in the middle of the tiles
 * @param top first row of patches that is kept, counted over all tiles
 * @param left first column of patches that is kept
 * @param patchRows rows of patches that are kept; none for a very flat image
 * @param patchColumns columns of patches that are kept
 */
public record TileGrid(
        int rows,
        int columns,
        int imageHeight,
        int imageWidth,
        int top,
        int left,
        int patchRows,
        int patchColumns) {

    /** The whole image is the only tile: LLaVA before NeXT. */
    public static final TileGrid NONE = new TileGrid(0, 0, 0, 0, 0, 0, 0, 0);

    /** Tiles to encode, the whole image's among them. */
    public int tiles() {
        return 1 + rows * columns;
    }

    /** Prompt positions that the kept patches take: each row of them ends in a newline. */
    public int tokens() {
        return patchRows == 0 ? 0 : Math.multiplyExact(patchRows, patchColumns + 1);
    }
}
