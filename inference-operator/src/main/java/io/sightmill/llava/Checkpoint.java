package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The weights of a Hugging Face directory, found by part and name whatever release wrote them.
 * Immutable; only headers have been read.
 */
final class Checkpoint {

    /** A tensor and the file that holds it. */
    record Entry(SafetensorsFile file, SafetensorsTensor tensor) {}

    private static final int READ_BYTES = 1 << 20;

    /** In the names of a vision tower's tensors wherever it comes with the language model. */
    private static final String VISION_TOWER = "vision_tower.";

    private final Path directory;
    private final List<Path> files;
    private final Map<String, Entry> entries;

    private Checkpoint(Path directory, List<Path> files, Map<String, Entry> entries) {
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
        List<Path> files = new ArrayList<>(WeightFiles.locate(directory));
        Map<String, Entry> entries = new HashMap<>();
        add(files, entries);
        if (entries.keySet().stream().noneMatch(name -> name.contains(VISION_TOWER))) {
            VisionTower.of(directory)
                    .map(VisionTower::weightFiles)
                    .ifPresent(
                            own -> {
                                add(own, entries);
                                files.addAll(own);
                            });
        }
        return new Checkpoint(directory, List.copyOf(files), entries);
    }

    private static void add(List<Path> files, Map<String, Entry> entries) {
        for (Path path : files) {
            SafetensorsFile file = SafetensorsFile.open(path);
            for (SafetensorsTensor tensor : file.tensors().values()) {
                Entry other = entries.put(tensor.name(), new Entry(file, tensor));
                if (other != null) {
                    throw new ModelLoadException(
                            "tensor '%s' is in both %s and %s"
                                    .formatted(tensor.name(), other.file().path(), path));
                }
            }
        }
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
     * SHA-256 over the contents of the weight files, one after the other in name order, in
     * hexadecimal. Reads them all: about a second for 2 GB that are in memory.
     */
    String weightsSha256() {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[READ_BYTES];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                }
            } catch (IOException e) {
                throw new ModelLoadException(file + " cannot be read: " + e, e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private ModelLoadException missing(CheckpointPart part, String name) {
        return new ModelLoadException(
                "%s lacks tensor '%s' (looked for %s in %s)"
                        .formatted(
                                directory,
                                part.names(name).get(0),
                                String.join(", ", part.names(name)),
                                files.stream().map(Path::getFileName).toList()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
