package io.sightmill.tuning.scenes;

import java.nio.file.Path;

/**
 * The names of files in a directory of scenes.
 *
 * @param root the directory itself
 */
public record SceneFiles(Path root) {

    private static final int IN_A_FOLDER = 1_000;

    /** The options the scenes were drawn with. */
    public Path description() {
        return root.resolve("scenes.json");
    }

    public Path captions() {
        return root.resolve("captions.jsonl");
    }

    public Path symbols() {
        return root.resolve("symbols.jsonl");
    }

    static String id(long index) {
        return "%08d".formatted(index);
    }

    /** Relative to the directory, with forward slashes. */
    static String image(long index) {
        return "images/%05d/%s.png".formatted(index / IN_A_FOLDER, id(index));
    }
}
