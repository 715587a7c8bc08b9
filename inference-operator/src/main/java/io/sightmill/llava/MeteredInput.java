package io.sightmill.llava;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A file in memory that is readable while its decoder allocates no more than it may.
 *
 * <p>Looked at each time the decoder reads a few bytes, in its own thread. A Java runtime that does
 * not count a thread's allocations sets no bound.
 */
final class MeteredInput extends MemoryCacheImageInputStream {

    private static final ThreadMXBean THREADS =
            ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                            && threads.isThreadAllocatedMemorySupported()
                            && threads.isThreadAllocatedMemoryEnabled()
                    ? threads
                    : null;

    private final long mostBytes;
    private final long before;

    /**
     * @param mostBytes what the calling thread may allocate from now on while it reads
     */
    MeteredInput(byte[] file, long mostBytes) {
        super(new ByteArrayInputStream(file));
        this.mostBytes = mostBytes;
        this.before = allocated();
    }

    /** What a decoder does to fill its buffer of bits. */
    @Override
    public long readLong() throws IOException {
        if (allocated() - before > mostBytes) {
            throw new IOException("it asks for more tables than its size can need");
        }
        return super.readLong();
    }

    private static long allocated() {
        return THREADS == null ? 0 : THREADS.getCurrentThreadAllocatedBytes();
    }
}
