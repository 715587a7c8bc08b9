package io.sightmill.llava;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the weight files of a checkpoint's directory: one file, or shards named by an index. */
final class WeightFiles {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MOST_INDEX_BYTES = 64L << 20;
    private static final List<String> PICKLES = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    private WeightFiles() {}

    /**
     * The files in name order.
     *
     * @throws ModelLoadException if there is no safetensors file or a shard is missing
     */
    static List<Path> locate(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ModelLoadException(directory + " is not a directory");
        }
        if (Files.exists(directory.resolve(SINGLE))) {
            return List.of(directory.resolve(SINGLE));
        }
        Path index = directory.resolve(INDEX);
        if (!Files.exists(index)) {
            throw new ModelLoadException(whyNone(directory));
        }
        return shardNames(index).stream().map(name -> shard(directory, index, name)).toList();
    }

    private static Path shard(Path directory, Path index, String name) {
        // The index comes with the checkpoint: it must not reach outside its directory.
        if (name.contains("/") || name.contains("\\") || !name.endsWith(".safetensors")) {
            throw new ModelLoadException(
                    index + " names '" + name + "', which is no safetensors file beside it");
        }
        Path shard = directory.resolve(name);
        if (!Files.isRegularFile(shard)) {
            throw new ModelLoadException(
                    shard + " is missing: " + index.getFileName() + " names it; download it again");
        }
        return shard;
    }

    private static Set<String> shardNames(Path index) {
        try {
            if (Files.size(index) > MOST_INDEX_BYTES) {
                throw new ModelLoadException(
                        index + " has more than " + MOST_INDEX_BYTES + " bytes");
            }
            JsonNode map = new ObjectMapper().readTree(Files.readAllBytes(index));
            Set<String> names = new TreeSet<>();
            map.path("weight_map").forEach(name -> names.add(name.asText()));
            if (names.isEmpty()) {
                throw new ModelLoadException(index + " names no file in its weight_map");
            }
            return names;
        } catch (IOException e) {
            throw new ModelLoadException(index + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String whyNone(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> PICKLES.stream().anyMatch(name::endsWith))
                    .sorted()
                    .findFirst()
                    .map(
                            name ->
                                    directory.resolve(name)
                                            + " is a pickle and is refused: reading one can run"
                                            + " code that it carries. Convert the checkpoint to"
                                            + " safetensors")
                    .orElse(directory + " has neither " + SINGLE + " nor " + INDEX);
        } catch (IOException e) {
            throw new ModelLoadException(directory + " cannot be listed: " + e, e);
        }
    }
}
