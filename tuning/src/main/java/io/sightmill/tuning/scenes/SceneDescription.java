package io.sightmill.tuning.scenes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.RunDescription;
import java.nio.file.Path;

/**
 * What all scenes of a directory have in common: with an index it says what a scene is.
 *
 * @param seed the user's
 * @param size pixels of a picture's side
 */
public record SceneDescription(long seed, int size, SceneOptions options) {

    /** Grows when the same seed gives other scenes. */
    private static final int EDITION = 1;

    private ObjectNode toJson() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("edition", EDITION).put("seed", seed).put("size", size);
        object.put("minShapes", options.minShapes()).put("maxShapes", options.maxShapes());
        object.put("textShare", options.textShare());
        object.put("overlapShare", options.overlapShare());
        return object.put("textureShare", options.textureShare());
    }

    /**
     * Writes it into a directory that has none, and compares it with one that is there.
     *
     * @throws DataFileException if the directory holds other scenes, naming the first difference
     */
    void claim(Path file) {
        RunDescription.claim(file, toJson(), "scenes");
    }
}
