package io.sightmill.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A runner and the one thread that calls it, and closes it at the end. */
final class RunnerThread {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final FutureTask<Void> LAST = new FutureTask<>(() -> null);

    private final ModelRunner runner;
    private final LinkedBlockingQueue<FutureTask<?>> calls = new LinkedBlockingQueue<>();
    private final Thread thread;

    /** How a call ended. */
    record Outcome<T>(T result, Throwable failure) {

        T orThrow() {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure != null) {
                throw (RuntimeException) failure;
            }
            return result;
        }
    }

    RunnerThread(ModelRunner runner) {
        this.runner = runner;
        this.thread = new Thread(this::work, "sightmill-model-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    ModelRunner runner() {
        return runner;
    }

    /** Waits for a call, and for others before it; empty if it has not ended in time. */
    <T> Optional<Outcome<T>> call(Callable<T> call, Duration timeout) {
        FutureTask<T> task = new FutureTask<>(call);
        calls.add(task);
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left = Math.max(0, deadline - System.nanoTime());
                    return Optional.of(new Outcome<>(task.get(left, TimeUnit.NANOSECONDS), null));
                } catch (InterruptedException e) {
                    // A step is not given up halfway: its tensors would be nobody's.
                    interrupted = true;
                } catch (ExecutionException e) {
                    return Optional.of(new Outcome<>(null, e.getCause()));
                } catch (TimeoutException e) {
                    return Optional.empty();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** After the calls it has been given it closes the runner and ends. */
    void leave() {
        calls.add(LAST);
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Waits until it has ended, or this thread is interrupted. */
    void join() {
        join(Duration.ZERO);
    }

    /**
     * Waits until it has ended.
     *
     * @param timeout zero for any time
     * @return whether it has
     */
    boolean join(Duration timeout) {
        try {
            thread.join(timeout.isZero() ? 0 : Math.max(1, timeout.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return hasEnded();
    }

    private void work() {
        try {
            for (FutureTask<?> call = calls.take(); call != LAST; call = calls.take()) {
                call.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            runner.close();
        }
    }
}
