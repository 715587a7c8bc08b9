package io.sightmill.local.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the embedded deployment keeps what has to survive a restart: the broker's log, the ingest
 * application's state and the job's checkpoints. One process at a time; the broker's lock guards
 * it.
 *
 * @param root created if need be
 */
public record DataDirectory(Path root) {

    public DataDirectory {
        root = root.toAbsolutePath().normalize();
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new IllegalArgumentException("--data is " + root + ", which is not a directory");
        }
    }

    /** {@code $SIGHTMILL_DATA} if set, else {@code .sightmill} in the home directory. */
    public static DataDirectory standard() {
        String named = System.getenv("SIGHTMILL_DATA");
        Path root =
                named == null || named.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".sightmill")
                        : Path.of(named);
        return new DataDirectory(root);
    }

    public Path broker() {
        return subdirectory("broker");
    }

    public Path ingestState() {
        return subdirectory("ingest");
    }

    public Path checkpoints() {
        return subdirectory("checkpoints");
    }

    /** Large images of requests that wait. */
    public Path images() {
        return subdirectory("images");
    }

    public Path temporary() {
        return subdirectory("temporary");
    }

    /** Log file of the last runs. */
    public Path log() {
        return subdirectory("logs").resolve("sightmill.log");
    }

    private Path subdirectory(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException exception) {
            throw new DataDirectoryException(
                    "cannot create " + root.resolve(name) + "; choose another --data", exception);
        }
    }
}
