package io.sightmill.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The weight files of a checkpoint's directory: one file, or shards named by an index.
 *
 * @param paths in name order, without those that are missing
 * @param index empty if there is one file
 */
record WeightFiles(List<Path> paths, Optional<WeightIndex> index) {

    private static final String SINGLE = "model.safetensors";
    private static final List<String> PICKLES = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    /** Complains if there is no safetensors file or a shard is missing. */
    static WeightFiles locate(Path directory, Complaints complaints) {
        if (Files.exists(directory.resolve(SINGLE))) {
            return new WeightFiles(List.of(directory.resolve(SINGLE)), Optional.empty());
        }
        Path path = directory.resolve(WeightIndex.FILE);
        if (!Files.exists(path)) {
            complaints.add("%s", whyNone(directory));
            return new WeightFiles(List.of(), Optional.empty());
        }
        Optional<WeightIndex> index = complaints.attempt(() -> WeightIndex.read(path));
        List<Path> shards = new ArrayList<>();
        for (String name : index.map(WeightIndex::shardNames).orElseGet(TreeSet::new)) {
            Path shard = directory.resolve(name);
            if (Files.exists(shard)) {
                shards.add(shard);
            } else {
                complaints.add(
                        "%s is missing: %s names it; download it again", shard, WeightIndex.FILE);
            }
        }
        return new WeightFiles(List.copyOf(shards), index);
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
                    .orElse(directory + " has neither " + SINGLE + " nor " + WeightIndex.FILE);
        } catch (IOException e) {
            return directory + " cannot be listed: " + e;
        }
    }
}
