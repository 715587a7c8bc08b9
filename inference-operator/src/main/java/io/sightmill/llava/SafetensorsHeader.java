package io.sightmill.llava;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON header of a safetensors file and believes none of it unchecked: types, shapes,
 * offsets and their agreement with each other and with the file's length.
 *
 * <p>Format: https://github.com/huggingface/safetensors#format
 */
final class SafetensorsHeader {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

    private final Path file;
    private final long dataBegin;
    private final long fileLength;

    private SafetensorsHeader(Path file, long dataBegin, long fileLength) {
        this.file = file;
        this.dataBegin = dataBegin;
        this.fileLength = fileLength;
    }

    /**
     * Parses a header.
     *
     * @param dataBegin offset of the first byte after the header
     * @throws ModelLoadException naming the file and what is wrong in it
     */
    static Map<String, SafetensorsTensor> parse(
            Path file, byte[] header, long dataBegin, long fileLength) {
        return new SafetensorsHeader(file, dataBegin, fileLength).tensors(header);
    }

    private Map<String, SafetensorsTensor> tensors(byte[] header) {
        JsonNode root = json(header);
        Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue()));
            }
        }
        requireDisjoint(tensors);
        return tensors;
    }

    private JsonNode json(byte[] header) {
        try {
            JsonNode root = JSON.readTree(header);
            if (root == null || !root.isObject()) {
                throw broken("its header is not a JSON object", null);
            }
            return root;
        } catch (IOException e) {
            throw broken("its header is not valid JSON: " + firstLine(e), e);
        }
    }

    private SafetensorsTensor tensor(String name, JsonNode node) {
        String typeName = node.path("dtype").asText();
        ElementType type =
                ElementType.named(typeName)
                        .orElseThrow(() -> broken(name, "has the unknown dtype '%s'", typeName));
        List<Long> shape = numbers(name, node.path("shape"), "shape");
        List<Long> offsets = numbers(name, node.path("data_offsets"), "data_offsets");
        if (offsets.size() != 2) {
            throw broken(name, "has %d data_offsets instead of 2", offsets.size());
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin > end || end > fileLength - dataBegin) {
            throw broken(
                    name,
                    "has data_offsets [%d, %d] in %d bytes of data",
                    begin,
                    end,
                    fileLength - dataBegin);
        }
        if (byteLength(name, type, shape) != end - begin) {
            throw broken(name, "is %s %s but takes %d bytes of data", typeName, shape, end - begin);
        }
        return new SafetensorsTensor(name, type, shape, dataBegin + begin, dataBegin + end);
    }

    private long byteLength(String name, ElementType type, List<Long> shape) {
        try {
            long bytes = type.bytes();
            for (long length : shape) {
                bytes = Math.multiplyExact(bytes, length);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw broken(name, "has a shape of more than 2^63 bytes: %s", shape);
        }
    }

    private List<Long> numbers(String name, JsonNode node, String key) {
        if (!node.isArray()) {
            throw broken(name, "has no list of %s", key);
        }
        List<Long> numbers = new ArrayList<>();
        for (JsonNode each : node) {
            if (!each.isIntegralNumber() || !each.canConvertToLong() || each.asLong() < 0) {
                throw broken(name, "has %s in its %s", each, key);
            }
            numbers.add(each.asLong());
        }
        return numbers;
    }

    private void requireDisjoint(Map<String, SafetensorsTensor> tensors) {
        List<SafetensorsTensor> sorted = new ArrayList<>(tensors.values());
        sorted.sort(
                Comparator.comparingLong(SafetensorsTensor::begin)
                        .thenComparingLong(SafetensorsTensor::end));
        for (int i = 1; i < sorted.size(); i++) {
            SafetensorsTensor previous = sorted.get(i - 1);
            if (sorted.get(i).begin() < previous.end()) {
                throw broken(sorted.get(i).name(), "overlaps tensor '%s'", previous.name());
            }
        }
    }

    private ModelLoadException broken(String tensor, String format, Object... values) {
        return broken("tensor '" + tensor + "' " + format.formatted(values), (Throwable) null);
    }

    private ModelLoadException broken(String what, Throwable cause) {
        return new ModelLoadException(file + " is broken: " + what, cause);
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
