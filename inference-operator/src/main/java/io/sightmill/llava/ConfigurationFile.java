package io.sightmill.llava;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A JSON file of a checkpoint; every complaint names the file and the key. Size, nesting and number
 * of values are bounded, a key may come once, and nothing may follow the object.
 */
record ConfigurationFile(Path path, JsonNode root) {

    /** Published tokenizers and indexes stay below half of this, and all else far below. */
    private static final int MOST_BYTES = 64 << 20;

    private static final long MOST_VALUES = 8_000_000;
    private static final int MOST_NESTING = 100;
    private static final int LONGEST_QUOTE = 100;

    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MOST_NESTING)
                                                    .maxTokenCount(MOST_VALUES)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /**
     * @throws ModelLoadException if the file is missing or not a JSON object
     */
    static ConfigurationFile read(Path path) {
        if (!Files.exists(path)) {
            throw new ModelLoadException(
                    path + " is missing; a checkpoint directory in Hugging Face layout has it");
        }
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException(path + " is no regular file; download it again");
        }
        try {
            JsonNode root = JSON.readTree(text(path));
            if (!root.isObject()) {
                throw new ModelLoadException(path + " must hold a JSON object");
            }
            return new ConfigurationFile(path, root);
        } catch (JsonProcessingException e) {
            throw new ModelLoadException(
                    path + " cannot be read as JSON: " + e.getOriginalMessage() + at(e), e);
        } catch (CharacterCodingException e) {
            throw new ModelLoadException(path + " cannot be read as JSON: it is not UTF-8", e);
        } catch (IOException e) {
            throw new ModelLoadException(path + " cannot be read: " + e, e);
        }
    }

    static Optional<ConfigurationFile> readIfPresent(Path path) {
        return Files.exists(path) ? Optional.of(read(path)) : Optional.empty();
    }

    private static String text(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            // One byte more than allowed tells too long from just long enough.
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new ModelLoadException(
                        path + " has more than " + MOST_BYTES + " bytes; download it again");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line %d, column %d)"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
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
                "%s: %s is %s and must be %s".formatted(path, key, quoted(value), bound));
    }

    /** A checkpoint's value as a message may repeat it. */
    static String quoted(Object value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }
}
