package io.sightmill.tuning.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.tuning.DataFileException;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a file that is one JSON value. */
final class JsonDocument {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonDocument() {}

    /**
     * @throws DataFileException if it is missing or no JSON, naming the line
     */
    static JsonNode read(Path file) {
        try {
            JsonNode value = MAPPER.readTree(file.toFile());
            if (value.isMissingNode()) {
                throw new DataFileException(file, "is empty");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw DataFileException.at(
                    file,
                    "line " + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
                    "is no JSON: " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be read: " + e, e);
        }
    }

    /**
     * A member that a document must have.
     *
     * @throws DataFileException if it is missing, or neither list nor object as it should be
     */
    static JsonNode member(JsonNode document, String key, boolean isList, Path file) {
        JsonNode member = document.path(key);
        if (isList ? !member.isArray() : !member.isObject()) {
            throw new DataFileException(
                    file,
                    "'%s' is missing or no %s".formatted(key, isList ? "list" : "JSON object"));
        }
        return member;
    }
}
