package io.sightmill.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** What a command printed, line by line. */
final class JsonLines {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonLines() {}

    static List<JsonNode> parse(String output) {
        return output.lines().map(JsonLines::parseLine).toList();
    }

    private static JsonNode parseLine(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException exception) {
            throw new AssertionError("no JSON: " + line, exception);
        }
    }
}
