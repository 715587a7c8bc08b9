package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of a Hugging Face directory, found by part and name whatever release wrote them.
 * Immutable; only headers have been read.
 */
final class Checkpoint {

    /** A tensor and the file that holds it. */
    record Entry(SafetensorsFile file, SafetensorsTensor tensor) {}

    /** In the names of a vision tower's tensors wherever it comes with the language model. */
    private static final String VISION_TOWER = "vision_tower.";

    private final Path directory;
    private final List<SafetensorsFile> files;
    private final Map<String, Entry> entries;

    private Checkpoint(Path directory, List<SafetensorsFile> files, Map<String, Entry> entries) {
        this.directory = directory;
        this.files = files;
        this.entries = entries;
    }

    /**
     * Reads the headers of all weight files.
     *
     * @throws ModelLoadException naming the file that is missing, broken or refused
     */
    static Checkpoint open(Path directory) {
        return open(directory, Complaints.thrown());
    }

    /** The same; a file that complaints are made about is left out. */
    static Checkpoint open(Path directory, Complaints complaints) {
        return open(directory, Optional.empty(), complaints);
    }

    /** The same with the vision tower's directory, for a checkpoint in the authors' layout. */
    static Checkpoint open(Path directory, Optional<Path> visionTower, Complaints complaints) {
        if (!Files.isDirectory(directory)) {
            complaints.add("%s is not a directory", directory);
        }
        Checkpoint checkpoint = new Checkpoint(directory, new ArrayList<>(), new HashMap<>());
        checkpoint.addAll(WeightFiles.locate(directory, complaints), complaints);
        if (checkpoint.entries.keySet().stream().noneMatch(name -> name.contains(VISION_TOWER))) {
            complaints
                    .attempt(() -> VisionTower.of(directory, visionTower))
                    .flatMap(tower -> tower)
                    .flatMap(tower -> complaints.attempt(tower::directory))
                    .ifPresent(
                            tower ->
                                    checkpoint.addAll(
                                            WeightFiles.locate(tower, complaints), complaints));
        }
        return checkpoint;
    }

    private void addAll(WeightFiles located, Complaints complaints) {
        List<SafetensorsFile> own = new ArrayList<>();
        for (Path path : located.paths()) {
            complaints
                    .attempt(() -> SafetensorsFile.open(path))
                    .ifPresent(
                            file -> {
                                own.add(file);
                                add(file, entries, complaints);
                            });
        }
        files.addAll(own);
        located.index().ifPresent(index -> requireAgreement(index, own, complaints));
    }

    private static void add(
            SafetensorsFile file, Map<String, Entry> entries, Complaints complaints) {
        for (SafetensorsTensor tensor : file.tensors().values()) {
            Entry other = entries.putIfAbsent(tensor.name(), new Entry(file, tensor));
            if (other != null) {
                complaints.add(
                        "tensor '%s' is in both %s and %s; delete the file that does not belong to the checkpoint",
                        tensor.name(), other.file().path(), file.path());
            }
        }
    }

    /** A tensor in another shard than the index says means that files of two releases are mixed. */
    private void requireAgreement(
            WeightIndex index, List<SafetensorsFile> own, Complaints complaints) {
        Map<String, SafetensorsFile> read = new HashMap<>();
        own.forEach(file -> read.put(file.path().getFileName().toString(), file));
        index.shards()
                .forEach(
                        (tensor, shard) -> {
                            // A shard that could not be read has been complained about.
                            if (read.containsKey(shard)
                                    && read.get(shard).tensor(tensor).isEmpty()) {
                                complaints.add(
                                        "%s says that tensor '%s' is in %s, which does not hold it%s; download both again",
                                        index.path(), tensor, shard, whereElse(tensor));
                            }
                        });
    }

    private String whereElse(String tensor) {
        Entry entry = entries.get(tensor);
        return entry == null ? "" : ", but " + entry.file().path().getFileName() + " does";
    }

    /**
     * Looks a weight up.
     *
     * @param shape what config.json asks for
     * @throws ModelLoadException if it is missing or has another shape or a type that is no weight
     */
    Entry find(CheckpointPart part, String name, long... shape) {
        Entry entry =
                part.names(name).stream()
                        .filter(entries::containsKey)
                        .findFirst()
                        .map(entries::get)
                        .orElseThrow(() -> missing(part, name));
        SafetensorsTensor tensor = entry.tensor();
        if (!tensor.type().isWeight() || !tensor.hasShape(shape)) {
            throw new ModelLoadException(
                    "%s: tensor '%s' is %s, but config.json asks for F32, F16 or BF16 %s"
                            .formatted(
                                    entry.file().path(),
                                    tensor.name(),
                                    tensor.describe(),
                                    Arrays.toString(shape)));
        }
        return entry;
    }

    /**
     * Looks up what a model needs, before any of it is loaded.
     *
     * @return the entries of what is there and fits, in the declarations' order
     */
    List<Entry> find(List<TensorDeclaration> declared, Complaints complaints) {
        List<Entry> found = new ArrayList<>();
        for (TensorDeclaration each : declared) {
            complaints
                    .attempt(() -> find(each.part(), each.name(), each.shapeArray()))
                    .ifPresent(found::add);
        }
        return found;
    }

    Path directory() {
        return directory;
    }

    /** The files whose headers have been read: in name order, those of a CLIP directory last. */
    List<SafetensorsFile> files() {
        return List.copyOf(files);
    }

    /** Length of all files together. */
    long bytes() {
        return files.stream().mapToLong(SafetensorsFile::bytes).sum();
    }

    private ModelLoadException missing(CheckpointPart part, String name) {
        return new ModelLoadException(
                "%s lacks tensor '%s' (looked for %s in %s)"
                        .formatted(
                                directory,
                                part.names(name).get(0),
                                String.join(", ", part.names(name)),
                                files.stream().map(file -> file.path().getFileName()).toList()));
    }
}
