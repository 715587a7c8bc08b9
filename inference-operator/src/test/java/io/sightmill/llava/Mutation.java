package io.sightmill.llava;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Spoils JSON texts: single bytes, or values that are well-formed and wrong. */
final class Mutation {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "1",
                    "-1",
                    "2",
                    "3",
                    "255",
                    "65536",
                    "2147483647",
                    "2147483648",
                    "-2147483648",
                    "9223372036854775807",
                    "9223372036854775808",
                    "1" + "0".repeat(400),
                    "0.5",
                    "1e-320",
                    "1e308",
                    "1e999",
                    "-0.0",
                    "\"\"",
                    "\"x\"",
                    "\"../../etc/passwd\"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"" + "long".repeat(5_000) + "\"",
                    "[]",
                    "{}",
                    "[[]]",
                    "[null]",
                    "[-1]",
                    "[0,0]",
                    "[1,2,3,4,5,6,7,8,9]",
                    "{\"a\":{}}",
                    "{\"id\":-7,\"content\":\"<s>\"}");

    private final Random random;

    Mutation(long seed) {
        this.random = new Random(seed);
    }

    /** The text with one to three things wrong. */
    byte[] of(String json) {
        byte[] bytes =
                random.nextInt(3) == 0
                        ? json.getBytes(StandardCharsets.UTF_8)
                        : withWrongValues(json).getBytes(StandardCharsets.UTF_8);
        boolean hasWrongValues = bytes.length != json.length() || random.nextBoolean();
        return hasWrongValues && random.nextInt(4) != 0 ? bytes : withWrongBytes(bytes);
    }

    private String withWrongValues(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            for (int i = random.nextInt(3); i >= 0; i--) {
                List<JsonNode> holders = new ArrayList<>();
                collect(root, holders);
                spoil(holders.get(random.nextInt(holders.size())));
            }
            return root.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> holders) {
        if (node.isContainerNode()) {
            holders.add(node);
            node.forEach(inner -> collect(inner, holders));
        }
    }

    private void spoil(JsonNode holder) throws JsonProcessingException {
        JsonNode value = JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        boolean removes = random.nextInt(5) == 0;
        if (holder instanceof ObjectNode object && !object.isEmpty()) {
            List<String> keys = new ArrayList<>();
            object.fieldNames().forEachRemaining(keys::add);
            String key = keys.get(random.nextInt(keys.size()));
            if (removes) {
                object.remove(key);
            } else {
                object.set(key, value);
            }
        } else if (holder instanceof ArrayNode array && !array.isEmpty()) {
            int index = random.nextInt(array.size());
            if (removes) {
                array.remove(index);
            } else {
                array.set(index, value);
            }
        }
    }

    /** Bytes flipped, cut out, doubled, put in or cut off. */
    byte[] withWrongBytes(byte[] text) {
        byte[] bytes = text.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            switch (random.nextInt(5)) {
                case 0 -> {
                    out.write(bytes[at] ^ 1 << random.nextInt(8));
                    out.write(bytes, at + 1, bytes.length - at - 1);
                }
                case 1 -> out.write(bytes, end, bytes.length - end);
                case 2 -> {
                    out.write(bytes, at, end - at);
                    out.write(bytes, at, bytes.length - at);
                }
                case 3 -> {
                    out.write(random.nextInt(256));
                    out.write(bytes, at, bytes.length - at);
                }
                default -> out.write(bytes, at, 0);
            }
            bytes = out.toByteArray();
        }
        return bytes;
    }
}
