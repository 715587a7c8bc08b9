package io.sightmill.tuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Reads a file with one JSON object a line, a line at a time. Used by one thread.
 *
 * @param <T> what a line is read to
 */
public final class JsonLines<T> implements AutoCloseable {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final BufferedReader reader;
    private final Function<JsonNode, T> parse;
    private long line;

    /**
     * @param parse may throw an IllegalArgumentException that says what is wrong with the object
     * @throws DataFileException if the file cannot be read
     */
    public JsonLines(Path file, Function<JsonNode, T> parse) {
        this.file = file;
        this.parse = parse;
        try {
            this.reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be read: " + e, e);
        }
    }

    /** The number of the line read last, from 1. */
    public long line() {
        return line;
    }

    /**
     * The next line's object; null at the end. Blank lines are passed over.
     *
     * @throws DataFileException if the line holds none that can be parsed, naming the line; the
     *     next call goes on with the next line
     */
    public T next() {
        String text = nextText();
        if (text == null) {
            return null;
        }
        try {
            JsonNode object = MAPPER.readTree(text);
            if (object == null || !object.isObject()) {
                throw new IllegalArgumentException("is no JSON object");
            }
            return parse.apply(object);
        } catch (JsonProcessingException e) {
            throw broken("is no JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw broken(e.getMessage(), e);
        }
    }

    private String nextText() {
        try {
            String text;
            do {
                text = reader.readLine();
                line++;
            } while (text != null && text.isBlank());
            return text;
        } catch (IOException e) {
            throw broken("cannot be read: " + e, e);
        }
    }

    private DataFileException broken(String problem, Exception cause) {
        return DataFileException.at(file, "line " + line, problem, cause);
    }

    /** A text that an object must have. */
    public static String text(JsonNode object, String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(
                    "'%s' is %s and must be a text"
                            .formatted(key, value == null ? "missing" : value));
        }
        return value.textValue();
    }

    /** A list that an object must have. */
    public static JsonNode array(JsonNode object, String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isArray()) {
            throw new IllegalArgumentException(
                    "'%s' is %s and must be a list"
                            .formatted(key, value == null ? "missing" : value));
        }
        return value;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be closed: " + e, e);
        }
    }
}
