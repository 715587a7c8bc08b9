package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The keys and values of all sequences of a runner, in pages: of each layer one tensor of keys and
 * one of values, [pages, key/value heads, {@link #PAGE}, head width]. Has room for what the
 * sequences may take at most, so a running one never asks for more memory; grows when one is
 * admitted, a layer at a time, and gives everything back with the last. Used by one thread.
 */
final class KvPool implements AutoCloseable {

    /** Positions of a page. */
    static final int PAGE = 128;

    private final TorchScriptModule kernels;
    private final TextConfig config;
    private final PtNDArray like;
    private final NDManager owner;

    /** Keys and values in turns, a pair a layer; empty while nobody holds anything. */
    private final List<PtNDArray> tensors = new ArrayList<>();

    private IValue stores;
    private int size;
    private int reserved;
    private int most = Integer.MAX_VALUE;
    private final BitSet taken = new BitSet();

    /**
     * @param like a tensor of the type and on the device that keys and values have
     * @param owner closes what is still open
     */
    KvPool(TorchScriptModule kernels, TextConfig config, PtNDArray like, NDManager owner) {
        this.kernels = kernels;
        this.config = config;
        this.like = like;
        this.owner = owner;
    }

    /** How many pages so many positions take. */
    static int pagesFor(int positions) {
        return positions / PAGE + (positions % PAGE == 0 ? 0 : 1);
    }

    /** So many positions in whole pages, as positions; at most {@code Integer.MAX_VALUE}. */
    static int wholePages(int positions) {
        return (int) Math.min(Integer.MAX_VALUE, (long) pagesFor(positions) * PAGE);
    }

    /** Bounds the memory that is taken ahead of what is set aside. */
    void limit(int pages) {
        most = pages;
    }

    /**
     * Sets memory aside for a sequence, in whole pages.
     *
     * @param capacity most positions it can take
     */
    KvCache newCache(int capacity) {
        int pages = pagesFor(capacity);
        if (reserved + pages > size) {
            grow(Math.max(reserved + pages, Math.min(most, size + size / 2)));
        }
        reserved += pages;
        return new KvCache(this, capacity);
    }

    PtNDArray keys(int layer) {
        return tensors.get(2 * layer);
    }

    PtNDArray values(int layer) {
        return tensors.get(2 * layer + 1);
    }

    /** Of each layer the keys, then the values. */
    IValue stores() {
        return stores;
    }

    /** The lowest free pages, cleared: there are some, because they are reserved. */
    long[] take(int count) {
        long[] pages = new long[count];
        for (int i = 0; i < count; i++) {
            int page = taken.nextClearBit(0);
            taken.set(page);
            pages[i] = page;
        }
        kernels.call("clear_pages").withShared(stores).with(pages).run(owner).close();
        return pages;
    }

    void giveBack(int capacity, long[] pages) {
        for (long page : pages) {
            taken.clear((int) page);
        }
        reserved -= pagesFor(capacity);
        if (reserved == 0) {
            close();
        }
    }

    private void grow(int pages) {
        // The list holds what it lists, also what is closed.
        closeList();
        try {
            if (size == 0) {
                fill(pages);
            } else {
                copy(pages);
            }
            size = pages;
        } catch (RuntimeException | Error e) {
            if (size == 0) {
                close();
            }
            throw e;
        } finally {
            if (!tensors.isEmpty()) {
                stores = IValue.listFrom(tensors.toArray(PtNDArray[]::new));
            }
        }
    }

    private void fill(int pages) {
        long[] shape = {pages, config.keyValueHeads(), PAGE, config.headWidth()};
        for (int i = 0; i < 2 * config.layers(); i++) {
            tensors.add(kernels.call("new_pages").with(shape).with(like).run(owner));
        }
    }

    /** A layer at a time, so that hardly more than the pool itself is in memory. */
    private void copy(int pages) {
        for (int i = 0; i < tensors.size(); i++) {
            PtNDArray before = tensors.get(i);
            tensors.set(
                    i,
                    kernels.call("grown_pages")
                            .with(before)
                            .with(pages)
                            .with(taken.length())
                            .run(owner));
            before.close();
        }
    }

    private void closeList() {
        if (stores != null) {
            stores.close();
            stores = null;
        }
    }

    /** Frees everything; sequences that still have a cache cannot use it any more. */
    @Override
    public void close() {
        closeList();
        tensors.forEach(PtNDArray::close);
        tensors.clear();
        size = 0;
    }
}
