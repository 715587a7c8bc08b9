package io.sightmill.llava;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Makes the values of tensors in chunks on all processors and writes them. A few chunks are in
 * memory at a time, whatever the model's size. Used by one thread, which the progress is told on.
 */
final class WeightChunks implements AutoCloseable {

    private static final int VALUES = 1 << 16;

    private final int mostAtOnce = 2 * Runtime.getRuntime().availableProcessors();
    private final ExecutorService workers =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final Queue<Future<Integer>> atWork = new ArrayDeque<>();
    private final LongConsumer progress;

    /**
     * @param progress gets the bytes of each chunk that is written; what it throws ends the work
     */
    WeightChunks(LongConsumer progress) {
        this.progress = progress;
    }

    /** Writes all tensors of a file, in the order of its header. */
    void write(SafetensorsWriter file, List<GeneratedTensor> tensors) throws IOException {
        for (int at = 0; at < tensors.size(); at++) {
            GeneratedTensor tensor = tensors.get(at);
            int place = at;
            long values = tensor.tensor().values();
            for (long begin = 0; begin < values; begin += VALUES) {
                long from = begin;
                int count = (int) Math.min(VALUES, values - from);
                if (atWork.size() == mostAtOnce) {
                    settle();
                }
                atWork.add(workers.submit(() -> write(file, tensor, place, from, count)));
            }
        }
        while (!atWork.isEmpty()) {
            settle();
        }
    }

    private static int write(
            SafetensorsWriter file, GeneratedTensor tensor, int place, long from, int count)
            throws IOException {
        int bytes = count * tensor.tensor().type().element().bytes();
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        tensor.fill(buffer, from);
        file.write(place, from, buffer.flip());
        return bytes;
    }

    private void settle() throws IOException {
        try {
            progress.accept(atWork.remove().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("a chunk of weights was not made", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing weights");
        }
    }

    /** Lets the chunks at work end: an interruption would close the file under them. */
    @Override
    public void close() {
        for (Future<Integer> each : atWork) {
            each.cancel(false);
        }
        workers.shutdown();
        boolean interrupted = Thread.interrupted();
        while (!workers.isTerminated()) {
            try {
                workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
