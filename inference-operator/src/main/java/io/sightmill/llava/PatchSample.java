package io.sightmill.llava;

/**
 * A picture whose every patch is known: which words are said of what it shows, whether a thing's
 * middle is in it, and where that thing's box is.
 *
 * @param image of one tile
 * @param labels [patches, words + {@link #OTHERS}], rows of patches from the top: for each word 1
 *     or 0; 1 or 0 for a middle; 1 or 0 for whether a box is known; and then by how many picture
 *     sides the box's left, top, right and bottom are from the patch's middle. Not copied, never
 *     changed.
 * @param words how many
 */
public record PatchSample(PixelImage image, float[] labels, int words) implements LearnedSample {

    /** Labels of a patch beside the words. */
    public static final int OTHERS = 6;

    public PatchSample {
        if (words < 1 || labels.length != (long) image.tokens() * (words + OTHERS)) {
            throw new IllegalArgumentException(
                    "%d labels for %d patches and %d words"
                            .formatted(labels.length, image.tokens(), words));
        }
    }

    @Override
    public int length() {
        return image.tokens();
    }

    @Override
    public int learned() {
        return image.tokens();
    }
}
