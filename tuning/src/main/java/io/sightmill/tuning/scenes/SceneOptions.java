package io.sightmill.tuning.scenes;

/**
 * What scenes are like: the knobs of a curriculum.
 *
 * @param minShapes fewest shapes of a scene, at least 1
 * @param maxShapes most shapes of a scene, at most {@value #MOST_SHAPES}
 * @param textShare share of scenes with a digit or a word
 * @param overlapShare share of scenes whose shapes may cover each other, which still leaves {@link
 *     #LEAST_VISIBLE} of each to be seen
 * @param textureShare share of the shapes with room for it that are striped or dotted
 */
public record SceneOptions(
        int minShapes, int maxShapes, double textShare, double overlapShare, double textureShare) {

    public static final int MOST_SHAPES = 5;

    /** Share of a shape's area that nothing covers. */
    public static final double LEAST_VISIBLE = 0.6;

    public SceneOptions {
        if (minShapes < 1 || minShapes > maxShapes || maxShapes > MOST_SHAPES) {
            throw new IllegalArgumentException(
                    "minShapes is %d and maxShapes %d; they must be from 1 to %d and in this order"
                            .formatted(minShapes, maxShapes, MOST_SHAPES));
        }
        requireShare("textShare", textShare);
        requireShare("overlapShare", overlapShare);
        requireShare("textureShare", textureShare);
    }

    /** One to five shapes, of everything some. Evaluation draws these. */
    public static SceneOptions defaults() {
        return new SceneOptions(1, MOST_SHAPES, 0.4, 0.3, 0.4);
    }

    /** The same with other numbers of shapes. */
    public SceneOptions withShapes(int least, int most) {
        return new SceneOptions(least, most, textShare, overlapShare, textureShare);
    }

    private static void requireShare(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(key + " is " + value + " and must be from 0 to 1");
        }
    }
}
