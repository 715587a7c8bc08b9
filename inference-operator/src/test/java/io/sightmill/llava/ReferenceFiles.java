package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** What the reference implementation gave, among the test resources. */
final class ReferenceFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReferenceFiles() {}

    static Path path(String name) {
        URL url = ReferenceFiles.class.getResource("/golden/" + name);
        if (url == null) {
            throw new IllegalArgumentException("no test resource golden/" + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(path(name));
    }

    static byte[] image(String name) throws IOException {
        return bytes("images/" + name);
    }

    static JsonNode json(String name) throws IOException {
        return JSON.readTree(bytes(name));
    }

    static int[] ids(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
    }

    /** A float32 tensor of a safetensors file: 8 bytes header length, JSON header, raw values. */
    static float[] floats(String file, String tensor) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(buffer.getLong());
        JsonNode entry = JSON.readTree(buffer.array(), 8, headerLength).get(tensor);
        if (!entry.get("dtype").asText().equals("F32")) {
            throw new IllegalArgumentException(tensor + " is not float32");
        }
        int from = entry.get("data_offsets").get(0).intValue();
        int to = entry.get("data_offsets").get(1).intValue();
        float[] values = new float[(to - from) / Float.BYTES];
        buffer.position(8 + headerLength + from);
        buffer.asFloatBuffer().get(values);
        return values;
    }
}
