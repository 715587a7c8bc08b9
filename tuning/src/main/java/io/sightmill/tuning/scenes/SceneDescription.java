package io.sightmill.tuning.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.DataFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

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
        try {
            if (Files.exists(file)) {
                requireSame(file, new ObjectMapper().readTree(file.toFile()));
                return;
            }
            Path unfinished = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(unfinished, toJson().toPrettyString() + "\n");
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be read or written: " + e, e);
        }
    }

    private void requireSame(Path file, JsonNode there) {
        for (Map.Entry<String, JsonNode> entry : toJson().properties()) {
            JsonNode found = there.path(entry.getKey());
            // As texts: 0 and 0.0 are different nodes of the same number otherwise.
            if (!found.asText().equals(entry.getValue().asText())) {
                throw new DataFileException(
                        file,
                        "the directory holds scenes with %s %s, not %s: name another directory, or give the same options to go on with this one"
                                .formatted(entry.getKey(), found.asText(), entry.getValue()));
            }
        }
    }
}
