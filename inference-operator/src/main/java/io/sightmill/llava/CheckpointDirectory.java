package io.sightmill.llava;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a checkpoint's directory before anything in it is opened. A checkpoint comes from
 * outside: a link in it must not make other files of this machine its own, and a pipe must not make
 * the reader wait for ever.
 */
final class CheckpointDirectory {

    /** What is read of a checkpoint; other files are none of our business. */
    private static final List<String> ENDINGS =
            List.of(".json", ".jinja", ".safetensors", ".model");

    private final Path root;
    private final boolean followLinks;
    private final Complaints complaints;
    private boolean isSafe = true;

    private CheckpointDirectory(Path root, boolean followLinks, Complaints complaints) {
        this.root = root;
        this.followLinks = followLinks;
        this.complaints = complaints;
    }

    /**
     * Complains about a directory that is none, and about every file that would be read and is no
     * regular file, or a link out of the directory. The vision tower's directory, wherever it is,
     * is looked at in the same way.
     *
     * @return whether the files can be opened all the same, for those that complaints do not stop
     */
    static boolean check(Path directory, LoadOptions options, Complaints complaints) {
        if (!check(directory, options.followLinks(), complaints)) {
            return false;
        }
        Optional<Path> tower =
                complaints
                        .attempt(() -> VisionTower.of(directory, options.visionTowerPath()))
                        .flatMap(found -> found)
                        .flatMap(VisionTower::found);
        // One inside the checkpoint is a part of it.
        return tower.isEmpty()
                || tower.get().startsWith(directory.toAbsolutePath().normalize())
                || check(tower.get(), options.followLinks(), complaints);
    }

    private static boolean check(Path directory, boolean followLinks, Complaints complaints) {
        if (!Files.exists(directory)) {
            complaints.add(
                    "%s does not exist; name the directory of a checkpoint, which has a config.json",
                    directory);
        } else if (!Files.isDirectory(directory)) {
            complaints.add(
                    "%s is a file; name the directory of a checkpoint, which has a config.json",
                    directory);
        } else {
            try {
                return new CheckpointDirectory(directory.toRealPath(), followLinks, complaints)
                        .check(directory);
            } catch (IOException e) {
                complaints.add("%s cannot be read: %s", directory, e);
            }
        }
        return false;
    }

    private boolean check(Path directory) throws IOException {
        List<Path> inner = new ArrayList<>();
        boolean isEmpty = true;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                isEmpty = false;
                if (isRead(entry)) {
                    checkFile(entry);
                } else if (Files.exists(entry.resolve("config.json"), LinkOption.NOFOLLOW_LINKS)) {
                    inner.add(entry);
                }
            }
        }
        if (isEmpty) {
            complaints.add("%s is empty; download the checkpoint into it", directory);
        }
        for (Path part : inner) {
            checkPart(part);
        }
        return isSafe && !isEmpty;
    }

    /** A part of the checkpoint in a directory of its own, such as the authors' CLIP. */
    private void checkPart(Path part) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(part)) {
            for (Path entry : entries) {
                if (isRead(entry)) {
                    checkFile(entry);
                }
            }
        }
    }

    private static boolean isRead(Path entry) {
        return ENDINGS.stream().anyMatch(entry.getFileName().toString()::endsWith);
    }

    private void checkFile(Path file) {
        try {
            Path target = file.toRealPath();
            if (!Files.isRegularFile(target)) {
                isSafe = false;
                complaints.add("%s is no regular file; download it again", file);
            } else if (!followLinks && !target.startsWith(root)) {
                isSafe = false;
                complaints.add(
                        "%s is a link out of the checkpoint's directory, to %s; allow that with --follow-links (key follow-links of a job) if you trust it, as in Hugging Face's cache",
                        file, target);
            } else if (!Files.isReadable(target)) {
                complaints.add("%s cannot be read: permission denied", file);
            }
        } catch (NoSuchFileException e) {
            complaints.add("%s is a link to a file that is not there; download it again", file);
        } catch (FileSystemException e) {
            complaints.add(
                    "%s cannot be followed: %s; download it again",
                    file, e.getReason() == null ? e : e.getReason());
        } catch (IOException e) {
            complaints.add("%s cannot be read: %s", file, e);
        }
    }
}
