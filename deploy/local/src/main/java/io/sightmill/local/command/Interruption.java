package io.sightmill.local.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or any polite end of the process: the thread that works sees it, stops and cleans up by
 * itself, and the JVM waits for that.
 */
final class Interruption implements AutoCloseable {

    private static final Duration TIME_TO_STOP = Duration.ofSeconds(60);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::awaitStopped, "sightmill-interruption");
    private volatile boolean requested;

    private Interruption() {}

    /** From now on until closed, an interruption waits for the caller. */
    static Interruption listen() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    boolean isRequested() {
        return requested;
    }

    private void awaitStopped() {
        requested = true;
        try {
            stopped.await(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is stopped and cleaned up. */
    @Override
    public void close() {
        stopped.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                // The hook runs by now and finds the work stopped.
            }
        }
    }
}
