package io.sightmill.tuning.training;

import io.sightmill.llava.LearnedSample;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSampleException;
import io.sightmill.tuning.samples.TrainingData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the batches of the steps to come on a thread of its own, in order and a few ahead, while
 * the model is busy with the present one. Used by one thread.
 *
 * @param <S> the samples
 */
final class BatchReader<S extends LearnedSample> implements AutoCloseable {

    private static final int AHEAD = 3;

    private final TrainingData<S> data;
    private final BatchOrder order;
    private final long lastStep;
    private final ExecutorService reader =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread thread = new Thread(task, "training batches");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Deque<Future<Batch<S>>> coming = new ArrayDeque<>();
    private long nextStep;
    private long knownEpoch = -1;
    private List<int[]> epoch = List.of();

    /** Samples of a step, and what was among them and cannot be learned from. */
    record Batch<S>(List<S> samples, List<BadSample> bad) {}

    /**
     * @param firstStep from 1
     */
    BatchReader(TrainingData<S> data, BatchOrder order, long firstStep, long lastStep) {
        this.data = data;
        this.order = order;
        this.nextStep = firstStep;
        this.lastStep = lastStep;
        while (coming.size() < AHEAD && nextStep <= lastStep) {
            request();
        }
    }

    private void request() {
        long step = nextStep++;
        coming.add(reader.submit(() -> make(indices(step))));
    }

    /** On the reader's thread. */
    private int[] indices(long step) {
        long batches = order.batchesPerEpoch();
        long number = (step - 1) / batches;
        if (number != knownEpoch) {
            epoch = order.epoch(number);
            knownEpoch = number;
        }
        return epoch.get(Math.toIntExact((step - 1) % batches));
    }

    private Batch<S> make(int[] indices) {
        List<S> samples = new ArrayList<>();
        List<BadSample> bad = new ArrayList<>();
        for (int index : indices) {
            try {
                samples.add(data.sample(index));
            } catch (BadSampleException e) {
                bad.add(data.bad(index, e));
            }
        }
        return new Batch<>(samples, bad);
    }

    /** The next step's batch. */
    Batch<S> next() throws InterruptedException {
        Future<Batch<S>> batch = coming.remove();
        if (nextStep <= lastStep) {
            request();
        }
        try {
            return batch.get();
        } catch (ExecutionException e) {
            throw new TrainingFailedException("a batch could not be made: " + e.getCause(), e);
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
