package io.sightmill.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds a data directory for one broker at a time; the operating system lets go of it when the
 * process ends, however it ends.
 *
 * <p>Kafka has a lock of its own, and meets a held one by halting the JVM. This one is taken first
 * and guards the identity file as well.
 */
final class DirectoryLock implements AutoCloseable {

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws BrokerStartException if another broker, here or in another process, holds it
     */
    static DirectoryLock acquire(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("broker.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (!lock(channel)) {
            channel.close();
            throw new BrokerStartException(
                    "the data directory "
                            + directory
                            + " is in use by another running broker; stop that process or give"
                            + " another directory");
        }
        return new DirectoryLock(channel);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldInThisProcess) {
            return false;
        }
    }

    /** Closing the channel releases the lock. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
