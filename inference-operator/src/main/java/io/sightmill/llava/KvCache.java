package io.sightmill.llava;

import ai.djl.pytorch.engine.PtNDArray;

/**
 * Keys and values of one sequence, written in place: [layers, 2, key/value heads, capacity, head
 * width]. Its size is fixed when the sequence is admitted, so a running sequence never asks for
 * more memory. Used by one thread.
 */
final class KvCache implements AutoCloseable {

    private final PtNDArray tensor;
    private final int capacity;

    KvCache(PtNDArray tensor, int capacity) {
        this.tensor = tensor;
        this.capacity = capacity;
    }

    PtNDArray tensor() {
        return tensor;
    }

    /**
     * INVARIANT: no kernel writes outside the cache.
     *
     * @throws IllegalStateException if the position after the last does not fit
     */
    void requireRoom(int end) {
        if (end > capacity) {
            throw new IllegalStateException(
                    "position %d does not fit a KV cache of %d".formatted(end - 1, capacity));
        }
    }

    @Override
    public void close() {
        tensor.close();
    }
}
