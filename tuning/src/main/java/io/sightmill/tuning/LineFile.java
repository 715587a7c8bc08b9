package io.sightmill.tuning;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that grows line by line and goes on where a process that was killed left it: what it left
 * of a line is cut off. One process at a time writes it. Used by one thread.
 */
public final class LineFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;
    private final OutputStream output;
    private long lines;

    /**
     * Opens or makes the file.
     *
     * @throws DataFileException if another process writes it, or it cannot be opened
     */
    public LineFile(Path file) {
        this.file = file;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            lock = lock();
            output = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
            keep(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be opened: " + e, e);
        }
    }

    private FileLock lock() throws IOException {
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new DataFileException(file, "is being written by another process");
        }
        return held;
    }

    /** How many whole lines it has. */
    public long lines() {
        return lines;
    }

    /** Cuts everything off behind so many lines. */
    public void keep(long most) {
        try {
            output.flush();
            channel.position(0);
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            long end = 0;
            long position = 0;
            lines = 0;
            while (lines < most && channel.read(buffer.clear()) > 0) {
                buffer.flip();
                while (buffer.hasRemaining() && lines < most) {
                    position++;
                    if (buffer.get() == '\n') {
                        lines++;
                        end = position;
                    }
                }
            }
            channel.truncate(end);
            channel.position(end);
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be cut to size: " + e, e);
        }
    }

    /** Adds a line; it reaches the disk with the next flush at the latest. */
    public void append(String line) {
        try {
            output.write(line.getBytes(StandardCharsets.UTF_8));
            output.write('\n');
            lines++;
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be written: " + e, e);
        }
    }

    public void flush() {
        try {
            output.flush();
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be written: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            output.flush();
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new DataFileException(file, "cannot be closed: " + e, e);
        }
    }
}
