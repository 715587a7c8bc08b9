package io.sightmill.llava;

import java.util.Arrays;

/**
 * Keys and values of one sequence: pages of a pool, the first one for positions 0 .. {@link
 * KvPool#PAGE} - 1, and so on. What it may take at most is set aside when the sequence is admitted;
 * it takes a page when it gets there, so that the pages in use lie together. Used by one thread.
 */
final class KvCache implements AutoCloseable {

    private final KvPool pool;
    private final int capacity;
    private long[] pages = {};
    private boolean isClosed;

    /**
     * @param capacity most positions
     */
    KvCache(KvPool pool, int capacity) {
        this.pool = pool;
        this.capacity = capacity;
    }

    KvPool pool() {
        return pool;
    }

    int capacity() {
        return capacity;
    }

    /**
     * The pages of positions 0 .. end - 1.
     *
     * <p>INVARIANT: no kernel writes outside the cache.
     *
     * @throws IllegalStateException if the position after the last does not fit
     */
    long[] pages(int end) {
        if (isClosed || end > capacity) {
            throw new IllegalStateException(
                    "position %d does not fit a KV cache of %d".formatted(end - 1, capacity));
        }
        int needed = KvPool.pagesFor(end);
        if (needed > pages.length) {
            long[] more = pool.take(needed - pages.length);
            int before = pages.length;
            pages = Arrays.copyOf(pages, needed);
            System.arraycopy(more, 0, pages, before, more.length);
        }
        return Arrays.copyOf(pages, needed);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            pool.giveBack(capacity, pages);
        }
    }
}
