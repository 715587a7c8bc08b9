package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.ModelLoadException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * model.safetensors.index.json: which shard holds which tensor.
 *
 * @param shards file name by tensor, each a file beside the index
 */
record WeightIndex(Path path, Map<String, String> shards) {

    static final String FILE = "model.safetensors.index.json";

    /**
     * @throws ModelLoadException if the index cannot be read or names anything but files beside it
     */
    static WeightIndex read(Path path) {
        ConfigurationFile file = ConfigurationFile.read(path);
        JsonNode map = file.find("weight_map").filter(JsonNode::isObject).orElse(null);
        if (map == null || map.isEmpty()) {
            throw new ModelLoadException(path + " names no file in its weight_map");
        }
        Map<String, String> shards = new TreeMap<>();
        map.properties().forEach(entry -> shards.put(entry.getKey(), name(path, entry.getValue())));
        return new WeightIndex(path, shards);
    }

    /** The index comes with the checkpoint: it must not reach outside its directory. */
    private static String name(Path path, JsonNode value) {
        String name = value.isTextual() ? value.asText() : value.toString();
        if (name.contains("/")
                || name.contains("\\")
                || name.indexOf('\0') >= 0
                || !name.endsWith(".safetensors")) {
            throw new ModelLoadException(
                    path + " names '" + name + "', which is no safetensors file beside it");
        }
        return name;
    }

    /** Without repetition, in name order. */
    TreeSet<String> shardNames() {
        return new TreeSet<>(shards.values());
    }
}
