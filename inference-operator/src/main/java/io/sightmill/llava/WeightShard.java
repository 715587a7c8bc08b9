package io.sightmill.llava;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One weight file of a generated checkpoint.
 *
 * @param path inside the checkpoint's directory
 */
record WeightShard(String path, List<GeneratedTensor> tensors) {

    WeightShard {
        tensors = List.copyOf(tensors);
    }

    long bytes() {
        return tensors.stream().mapToLong(each -> each.tensor().bytes()).sum();
    }

    /**
     * Distributes tensors over files in their order, as Hugging Face's library does: a file is full
     * when the next tensor would not fit.
     *
     * @param folder ends with a slash, or is empty
     */
    static List<WeightShard> split(String folder, List<GeneratedTensor> tensors, long mostBytes) {
        List<List<GeneratedTensor>> groups = new ArrayList<>();
        long bytes = 0;
        for (GeneratedTensor each : tensors) {
            long more = each.tensor().bytes();
            if (groups.isEmpty() || bytes + more > mostBytes) {
                groups.add(new ArrayList<>());
                bytes = 0;
            }
            groups.get(groups.size() - 1).add(each);
            bytes += more;
        }
        List<WeightShard> shards = new ArrayList<>();
        for (List<GeneratedTensor> group : groups) {
            String name = name(shards.size() + 1, groups.size());
            shards.add(new WeightShard(folder + name, group));
        }
        return shards;
    }

    private static String name(int number, int count) {
        return count == 1
                ? "model.safetensors"
                : "model-%05d-of-%05d.safetensors".formatted(number, count);
    }

    /** model.safetensors.index.json: which file holds which tensor, in order of the names. */
    static ObjectNode index(List<WeightShard> shards) {
        Map<String, String> files = new TreeMap<>();
        for (WeightShard shard : shards) {
            String file = shard.path().substring(shard.path().lastIndexOf('/') + 1);
            shard.tensors().forEach(each -> files.put(each.tensor().name(), file));
        }
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.putObject("metadata")
                .put("total_size", shards.stream().mapToLong(WeightShard::bytes).sum());
        ObjectNode map = index.putObject("weight_map");
        files.forEach(map::put);
        return index;
    }
}
