package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A JSON file of a checkpoint; every complaint names the file and the key. */
record ConfigurationFile(Path path, JsonNode root) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @throws ModelLoadException if the file is missing or not a JSON object
     */
    static ConfigurationFile read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException(
                    path + " is missing; a checkpoint directory in Hugging Face layout has it");
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(path));
            if (!root.isObject()) {
                throw new ModelLoadException(path + " must hold a JSON object");
            }
            return new ConfigurationFile(path, root);
        } catch (IOException e) {
            throw new ModelLoadException(path + " cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    static Optional<ConfigurationFile> readIfPresent(Path path) {
        return Files.exists(path) ? Optional.of(read(path)) : Optional.empty();
    }

    /** The value at a key, if there is one and it is not null. */
    Optional<JsonNode> find(String key) {
        return Optional.ofNullable(root.get(key)).filter(value -> !value.isNull());
    }

    boolean flag(String key, boolean otherwise) {
        JsonNode value = find(key).orElse(null);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.booleanValue();
    }

    /** A text, or the "content" of an object, as added tokens are written. */
    Optional<String> text(String key) {
        return find(key)
                .map(value -> value.isObject() ? value.path("content") : value)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    ModelLoadException wrong(String key, Object value, String bound) {
        return new ModelLoadException(
                "%s: %s is %s and must be %s".formatted(path, key, value, bound));
    }
}
