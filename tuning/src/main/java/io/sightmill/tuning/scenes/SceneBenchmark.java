package io.sightmill.tuning.scenes;

/**
 * How many scenes a second one thread makes up and paints.
 *
 * @param size pixels of a picture's side
 * @param scenesPerSecond made up and painted, nothing written
 */
public record SceneBenchmark(int size, double scenesPerSecond) {

    private static final int WARM_UP = 4_000;

    /** Measures for some thousands of scenes; nothing else should run on the core meanwhile. */
    public static SceneBenchmark run(int size, int scenes, SceneOptions options) {
        SceneGenerator generator = new SceneGenerator(options);
        ScenePainter painter = new ScenePainter(size);
        draw(generator, painter, 0, WARM_UP);
        long began = System.nanoTime();
        draw(generator, painter, WARM_UP, scenes);
        return new SceneBenchmark(size, scenes * 1e9 / (System.nanoTime() - began));
    }

    private static void draw(SceneGenerator generator, ScenePainter painter, int first, int count) {
        for (int index = first; index < first + count; index++) {
            painter.paint(generator.scene(SceneSeed.training(0, index)));
        }
    }
}
