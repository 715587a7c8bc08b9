package io.sightmill.llava;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * A file in memory that is readable while its decoder allocates and computes no more than it may.
 *
 * <p>Looked at as the decoder reads, in its own thread, whose own memory and processor time count:
 * a busy machine refuses nothing. A Java runtime that does not count them sets no bound.
 */
final class MeteredInput extends BytesInput {

    /** The clocks cost as much as reading a few hundred bits. */
    private static final int READS_PER_LOOK = 1 << 10;

    private static final ThreadMXBean THREADS =
            ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                            && threads.isThreadAllocatedMemorySupported()
                            && threads.isThreadAllocatedMemoryEnabled()
                            && threads.isThreadCpuTimeEnabled()
                    ? threads
                    : null;

    private final long mostBytes;
    private final long mostNanos;
    private final long bytesBefore;
    private final long nanosBefore;
    private int reads;

    /**
     * @param mostBytes what the calling thread may allocate from now on while it reads
     * @param mostTime what it may compute
     */
    MeteredInput(byte[] file, long mostBytes, Duration mostTime) {
        super(file);
        this.mostBytes = mostBytes;
        this.mostNanos = mostTime.toNanos();
        this.bytesBefore = THREADS == null ? 0 : THREADS.getCurrentThreadAllocatedBytes();
        this.nanosBefore = THREADS == null ? 0 : THREADS.getCurrentThreadCpuTime();
    }

    /** A reader of bits asks where it is each time. */
    @Override
    public long getStreamPosition() throws IOException {
        if (++reads % READS_PER_LOOK == 0) {
            requireWithinBounds();
        }
        return super.getStreamPosition();
    }

    /** And fills its buffer so. */
    @Override
    public long readLong() throws IOException {
        if (THREADS != null && THREADS.getCurrentThreadAllocatedBytes() - bytesBefore > mostBytes) {
            throw new IOException("it asks for more tables than its size can need");
        }
        return super.readLong();
    }

    private void requireWithinBounds() throws IOException {
        if (THREADS != null && THREADS.getCurrentThreadCpuTime() - nanosBefore > mostNanos) {
            throw new IOException("it asks for more work than its size can need");
        }
    }
}
