package io.sightmill.tuning.training;

import io.sightmill.llava.Trainable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a run keeps on disk: its identity, the newest state it can be resumed from, figures and
 * curves. A state has its name only when it is whole and on the disk. Used by one thread.
 */
final class RunDirectory {

    private static final String IDENTITY = "run.txt";
    private static final Pattern STATE = Pattern.compile("state-(\\d{9})\\.safetensors");

    private final Path directory;

    private RunDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens or makes a directory.
     *
     * @param identity all that decides on the run's bits
     * @throws TrainingFailedException if another run is in it
     */
    static RunDirectory open(Path directory, String identity) {
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve(IDENTITY);
            if (!Files.exists(file)) {
                writeWhole(file, identity);
            }
            String found = Files.readString(file);
            if (!found.equals(identity)) {
                throw new TrainingFailedException(
                        "%s holds another run (%s); this one is (%s). Name another directory with --run, or delete it"
                                .formatted(directory, found.strip(), identity.strip()));
            }
            return new RunDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void writeWhole(Path file, String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(partial, text, StandardCharsets.UTF_8);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    Path metrics() {
        return directory.resolve("metrics.csv");
    }

    Path curves() {
        return directory.resolve("curves.png");
    }

    /** The step behind which the run goes on; empty for a run that begins. */
    OptionalLong savedStep() throws IOException {
        return states().stream().mapToLong(RunDirectory::step).max();
    }

    void restore(Trainable<?> model, long step) {
        model.restore(state(step));
    }

    /** Keeps a state in place of the earlier ones. */
    void save(Trainable<?> model, long step) throws IOException {
        Path whole = state(step);
        Path partial = whole.resolveSibling(whole.getFileName() + ".part");
        model.save(partial);
        Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
        force(directory);
        for (Path each : states()) {
            if (!each.equals(whole)) {
                Files.delete(each);
            }
        }
    }

    /** A name survives a power failure only when its directory is on the disk as well. */
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path state(long step) {
        return directory.resolve("state-%09d.safetensors".formatted(step));
    }

    private List<Path> states() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> STATE.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(RunDirectory::step))
                    .toList();
        }
    }

    private static long step(Path state) {
        Matcher matcher = STATE.matcher(state.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(state + " is no state");
        }
        return Long.parseLong(matcher.group(1));
    }
}
