package io.sightmill.local.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints that earlier runs of the job left in a directory, laid out as Flink does: {@code
 * JOB/chk-N/_metadata}. A checkpoint without {@code _metadata} was not completed and does not
 * count.
 */
public record RetainedCheckpoints(Path directory) {

    private static final String METADATA = "_metadata";

    /** The checkpoint completed last, by whichever run. */
    public Optional<Path> latest() {
        return completed().stream().max(Comparator.comparing(RetainedCheckpoints::completedAt));
    }

    /**
     * The checkpoint, or the savepoint in the other directory, that was completed last. A savepoint
     * that stopped a job is newer than all its checkpoints.
     */
    public Optional<Path> latestOr(Path savepoints) {
        return Stream.concat(completed().stream(), complete(children(savepoints)))
                .max(Comparator.comparing(RetainedCheckpoints::completedAt));
    }

    /**
     * Deletes what no run can need any more: the directories of jobs other than that of the latest
     * checkpoint. To be called while no job runs.
     */
    public void deleteAllButLatest() {
        Optional<Path> kept = latest().map(Path::getParent);
        for (Path job : children(directory)) {
            if (kept.isEmpty() || !job.equals(kept.get())) {
                deleteTree(job);
            }
        }
    }

    private List<Path> completed() {
        List<Path> checkpoints =
                children(directory).stream()
                        .flatMap(job -> children(job).stream())
                        .filter(child -> child.getFileName().toString().startsWith("chk-"))
                        .toList();
        return complete(checkpoints).toList();
    }

    private static Stream<Path> complete(List<Path> directories) {
        return directories.stream()
                .filter(checkpoint -> Files.isRegularFile(checkpoint.resolve(METADATA)));
    }

    private static FileTime completedAt(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve(METADATA));
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static void deleteTree(Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot delete old checkpoints in " + tree, exception);
        }
    }
}
