package io.sightmill.llava;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * How a checkpoint lays images of any size out on tiles, and how many prompt positions they take.
 *
 * <p>LLaVA-NeXT's rules as Hugging Face computes them, {@code image_processing_llava_next} and
 * {@code modeling_llava_next}. LLaVA before NeXT is the case without resolutions: every image is
 * one tile.
 *
 * @param tokensPerTile prompt positions of the tile that shows the whole image
 * @param tileSize side of a tile in pixels
 * @param patchSize side of a patch in pixels
 * @param resolutions sizes to choose from, each made of whole tiles; empty where an image is one
 *     tile
 * @param rounding how the part that shows the image becomes whole patches
 */
public record ImageLayout(
        int tokensPerTile,
        int tileSize,
        int patchSize,
        List<Resolution> resolutions,
        Rounding rounding) {

    /** From a computed number of patches to a whole one. */
    public enum Rounding {
        /** The authors' code: what is left of the point. */
        TRUNCATED,
        /** Hugging Face's: a product that falls just short of a whole number is repaired first. */
        REPAIRED_AND_TRUNCATED
    }

    /** A checkpoint's numbers must not decide on gigabytes of pixels for a single image. */
    private static final long MOST_PIXELS = 1L << 24;

    private static final int MOST_TILES = 256;

    /** Digits after the point that the reference rounds to before it truncates. */
    private static final int ROUNDED_DIGITS = 7;

    public ImageLayout {
        Bound.require("tokensPerTile", tokensPerTile, 1, 1 << 20);
        Bound.require("tileSize", tileSize, 1, 4_096);
        Bound.require("patchSize", patchSize, 1, tileSize);
        resolutions = List.copyOf(resolutions);
        Bound.require("image_grid_pinpoints entries", resolutions.size(), 0, 256);
        for (Resolution resolution : resolutions) {
            requireWholeTiles("height", resolution.height(), tileSize);
            requireWholeTiles("width", resolution.width(), tileSize);
            requireBounded(resolution, tileSize);
        }
    }

    /** With Hugging Face's rounding. */
    public ImageLayout(
            int tokensPerTile, int tileSize, int patchSize, List<Resolution> resolutions) {
        this(tokensPerTile, tileSize, patchSize, resolutions, Rounding.REPAIRED_AND_TRUNCATED);
    }

    /** Every image is one tile and takes as many positions. */
    public static ImageLayout oneTile(int tokens) {
        return new ImageLayout(tokens, 1, 1, List.of());
    }

    /** How an image of this size, in pixels before resizing, is laid out. */
    public TileGrid grid(int height, int width) {
        if (resolutions.isEmpty()) {
            return TileGrid.NONE;
        }
        Resolution best = best(height, width);
        Resolution resized = resized(height, width, best);
        int rows = best.height() / tileSize;
        int columns = best.width() / tileSize;
        int patchRows = rows * (tileSize / patchSize);
        int patchColumns = columns * (tileSize / patchSize);
        int top = 0;
        int left = 0;
        if ((double) width / height > (double) patchColumns / patchRows) {
            top = bar(patchRows, height * ((double) patchColumns / width));
        } else {
            left = bar(patchColumns, width * ((double) patchRows / height));
        }
        return new TileGrid(
                rows,
                columns,
                resized.height(),
                resized.width(),
                top,
                left,
                patchRows - 2 * top,
                patchColumns - 2 * left);
    }

    /** Prompt positions of an image that is laid out so. */
    public int tokens(TileGrid grid) {
        return Math.addExact(tokensPerTile, grid.tokens());
    }

    /** The largest part of the image's own pixels first, then the least waste, then the first. */
    private Resolution best(int height, int width) {
        Resolution best = null;
        long mostUsed = 0;
        long leastWasted = Long.MAX_VALUE;
        for (Resolution candidate : resolutions) {
            double scale =
                    Math.min(
                            (double) candidate.width() / width,
                            (double) candidate.height() / height);
            long scaled = (long) (width * scale) * (long) (height * scale);
            long used = Math.min(scaled, (long) width * height);
            long wasted = candidate.pixels() - used;
            if (used > mostUsed || (used == mostUsed && wasted < leastWasted)) {
                best = candidate;
                mostUsed = used;
                leastWasted = wasted;
            }
        }
        return best;
    }

    /** The image's size where it fills a resolution along one side and keeps its shape. */
    private static Resolution resized(int height, int width, Resolution target) {
        double byWidth = (double) target.width() / width;
        double byHeight = (double) target.height() / height;
        if (byWidth < byHeight) {
            double scaled = Math.ceil(height * byWidth);
            return new Resolution((int) Math.min(scaled, target.height()), target.width());
        }
        double scaled = Math.ceil(width * byHeight);
        return new Resolution(target.height(), (int) Math.min(scaled, target.width()));
    }

    /** Patches on each side that show no image. */
    private int bar(int patches, double shown) {
        int whole =
                rounding == Rounding.TRUNCATED
                        ? (int) shown
                        : new BigDecimal(shown)
                                .setScale(ROUNDED_DIGITS, RoundingMode.HALF_EVEN)
                                .intValue();
        return (patches - whole) / 2;
    }

    private static void requireWholeTiles(String side, int pixels, int tileSize) {
        if (pixels % tileSize != 0) {
            throw new IllegalArgumentException(
                    "image_grid_pinpoints has a %s of %d, no multiple of the tile's %d pixels"
                            .formatted(side, pixels, tileSize));
        }
    }

    private static void requireBounded(Resolution resolution, int tileSize) {
        long tiles = resolution.pixels() / ((long) tileSize * tileSize);
        if (resolution.pixels() > MOST_PIXELS || tiles > MOST_TILES) {
            throw new IllegalArgumentException(
                    "image_grid_pinpoints has %d x %d pixels in %d tiles; at most %d pixels and %d tiles are allowed"
                            .formatted(
                                    resolution.height(),
                                    resolution.width(),
                                    tiles,
                                    MOST_PIXELS,
                                    MOST_TILES));
        }
    }
}
