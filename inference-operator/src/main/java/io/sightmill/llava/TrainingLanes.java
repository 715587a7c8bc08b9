package io.sightmill.llava;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

/**
 * The threads that share the work of a step: the parts of a batch go to the lanes in turn, and each
 * lane adds up its own gradients. Small products, of which training small models consists, gain
 * nothing from being cut up among processors; whole parts do.
 *
 * <p>Used by one thread.
 *
 * @param <S> the samples
 */
public final class TrainingLanes<S extends LearnedSample> implements AutoCloseable {

    private final Trainable<S> model;
    private final int lanes;
    private final List<ExecutorService> threads = new ArrayList<>();

    /**
     * @param setup what the model was opened with
     */
    public TrainingLanes(Trainable<S> model, TrainingSetup setup) {
        this.model = model;
        this.lanes = setup.lanes();
        int count = setup.leavesToChance() ? 1 : lanes;
        int nativeThreads = Math.max(1, JniUtils.getNumThreads() / count);
        for (int lane = 0; lane < count; lane++) {
            ExecutorService thread = Executors.newSingleThreadExecutor(new LaneThreads(lane));
            threads.add(thread);
            if (count > 1) {
                // The library keeps the number for each thread.
                thread.execute(() -> JniUtils.setNumThreads(nativeThreads));
            }
        }
    }

    /** Daemons, so that a process that is told to end does not wait for them. */
    private record LaneThreads(int lane) implements java.util.concurrent.ThreadFactory {

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, "training lane " + lane);
            thread.setDaemon(true);
            return thread;
        }
    }

    /**
     * Runs parts forwards and backwards and adds to the gradients, see {@link
     * Trainable#accumulate}.
     *
     * @param seed of each part, counted from 0
     * @return the parts' losses, added up in order
     */
    public float accumulate(List<List<S>> parts, double scale, IntToLongFunction seed)
            throws InterruptedException {
        List<Future<Float>> losses = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            int lane = part % lanes;
            int index = part;
            losses.add(
                    threads.get(lane % threads.size())
                            .submit(
                                    () ->
                                            model.accumulate(
                                                    lane,
                                                    parts.get(index),
                                                    scale,
                                                    seed.applyAsLong(index))));
        }
        float sum = 0;
        RuntimeException failure = null;
        for (Future<Float> loss : losses) {
            try {
                sum += loss.get();
            } catch (ExecutionException e) {
                failure = failure == null ? unchecked(e.getCause()) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return sum;
    }

    private static RuntimeException unchecked(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (RuntimeException) cause;
    }

    /** Waits for the parts that still run: the model's tensors must outlive them. */
    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
        boolean interrupted = false;
        for (ExecutorService thread : threads) {
            while (!thread.isTerminated()) {
                try {
                    thread.awaitTermination(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    interrupted = true; // a part cannot be given up halfway
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
