package io.sightmill.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory that a checkpoint is written to. Every file has a temporary name until all are
 * whole; config.json, without which nothing is a checkpoint, gets its name last. Used by one
 * thread.
 */
final class CheckpointTarget implements AutoCloseable {

    private static final String PARTIAL = ".part";
    private static final String CONFIG = "config.json";
    private static final long MOST_OTHER_BYTES = 16L << 20;

    /**
     * What an earlier checkpoint may have that the new one has not: it must not be read with it.
     */
    private static final Pattern REPLACED =
            Pattern.compile(
                    "(model.*\\.safetensors(\\.index\\.json)?"
                            + "|((|generation_|preprocessor_|processor_|tokenizer_)config"
                            + "|tokenizer|special_tokens_map|chat_template)\\.json"
                            + "|chat_template\\.jinja)(\\.part)?");

    private final Path directory;
    private final Map<Path, Path> partials = new LinkedHashMap<>();
    private final List<Path> made = new ArrayList<>();

    /** How many bytes can be written below a directory. */
    interface FreeSpace {

        long bytes(Path directory) throws IOException;

        static FreeSpace ofDisk() {
            return directory -> Files.getFileStore(directory).getUsableSpace();
        }
    }

    private CheckpointTarget(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes the directory where it is missing.
     *
     * @param replaces whether it may hold something
     * @param weightBytes to come
     * @throws IllegalArgumentException if it is a file, or holds something and may not
     * @throws IOException if the disk has too little space, or the directory cannot be made
     */
    static CheckpointTarget open(
            Path directory, boolean replaces, long weightBytes, FreeSpace space)
            throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(directory + " is a file and must be a directory");
        }
        if (!replaces && !isEmpty(directory)) {
            throw new IllegalArgumentException(
                    directory + " is not empty; --force replaces the checkpoint in it");
        }
        requireSpace(directory, weightBytes, space);
        CheckpointTarget opened = new CheckpointTarget(directory);
        opened.make(directory);
        return opened;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return true;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private static void requireSpace(Path directory, long weightBytes, FreeSpace space)
            throws IOException {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        long free = space.bytes(existing);
        if (free < weightBytes + MOST_OTHER_BYTES) {
            throw new IOException(
                    "%s needs %.1f GB and its disk has %.1f GB left"
                            .formatted(directory, weightBytes / 1e9, free / 1e9));
        }
    }

    private void make(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            if (folder.toAbsolutePath().getParent() != null) {
                make(folder.toAbsolutePath().getParent());
            }
            Files.createDirectory(folder);
            made.add(folder);
        }
    }

    /**
     * A file to write.
     *
     * @param path of the whole file, inside the directory
     * @return its name until then
     */
    Path partial(String path) throws IOException {
        Path whole = directory.resolve(path);
        make(whole.getParent());
        Path partial = whole.resolveSibling(whole.getFileName() + PARTIAL);
        partials.put(whole, partial);
        return partial;
    }

    /** Gives every file its name and takes away what an earlier checkpoint has left. */
    void commit() throws IOException {
        Path config = directory.resolve(CONFIG);
        Files.deleteIfExists(config);
        removeReplaced();
        for (Map.Entry<Path, Path> each : partials.entrySet()) {
            if (!each.getKey().equals(config)) {
                move(each.getValue(), each.getKey());
            }
        }
        move(partials.get(config), config);
        partials.clear();
        made.clear();
    }

    private static void move(Path partial, Path whole) throws IOException {
        Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
    }

    private void removeReplaced() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (REPLACED.matcher(name).matches() && !partials.containsValue(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Takes away what was not committed. */
    @Override
    public void close() throws IOException {
        for (Path partial : partials.values()) {
            Files.deleteIfExists(partial);
        }
        for (int i = made.size() - 1; i >= 0; i--) {
            if (isEmpty(made.get(i))) {
                Files.delete(made.get(i));
            }
        }
    }
}
