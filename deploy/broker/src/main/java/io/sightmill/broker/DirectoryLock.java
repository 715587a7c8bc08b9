package io.sightmill.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Holds a data directory for one broker at a time; the operating system lets go of it when the
 * process ends, however it ends.
 *
 * <p>Kafka has a lock of its own, and meets a held one by halting the JVM. This one is taken first
 * and guards the identity file as well.
 */
final class DirectoryLock implements AutoCloseable {

    private static final String LOCK = "broker.lock";

    /**
     * What this process holds. A lock file is never opened twice in one process: closing the second
     * channel would let go of the lock that the first one took (POSIX, fcntl).
     */
    private static final Set<Path> HELD_HERE = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * @throws BrokerStartException if another broker, here or in another process, holds it
     */
    static DirectoryLock acquire(Path directory) throws IOException {
        synchronized (HELD_HERE) {
            Path file = directory.toRealPath().resolve(LOCK);
            if (HELD_HERE.contains(file)) {
                throw inUse(directory);
            }
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(directory);
            }
            HELD_HERE.add(file);
            return new DirectoryLock(file, channel);
        }
    }

    /** Whether a broker, here or in another process, holds the directory now. */
    static boolean isHeld(Path directory) throws IOException {
        synchronized (HELD_HERE) {
            if (!Files.exists(directory.resolve(LOCK))) {
                return false;
            }
            Path file = directory.toRealPath().resolve(LOCK);
            return HELD_HERE.contains(file) || isHeldElsewhere(file);
        }
    }

    private static boolean isHeldElsewhere(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken == null;
        }
    }

    private static BrokerStartException inUse(Path directory) {
        return new BrokerStartException(
                "the data directory "
                        + directory
                        + " is in use by another running broker; stop that process or give"
                        + " another directory");
    }

    /** Closing the channel releases the lock. */
    @Override
    public void close() throws IOException {
        synchronized (HELD_HERE) {
            HELD_HERE.remove(file);
            channel.close();
        }
    }
}
