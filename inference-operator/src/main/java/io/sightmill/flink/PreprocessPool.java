package io.sightmill.flink;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of the preprocess stage. What waits is bounded by the requests in flight. */
final class PreprocessPool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PreprocessPool.class);
    private static final long CLOSE_SECONDS = 30;

    private final ExecutorService threads;

    PreprocessPool(String name, int size) {
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        size,
                        size,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        work -> daemon(work, name + "-" + number.getAndIncrement()));
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    void execute(Runnable work) {
        threads.execute(work);
    }

    /**
     * Drops what waits and lets what runs end: the model must outlive its preprocessor's callers.
     */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("preprocessing still runs {} s after its task ended", CLOSE_SECONDS);
            }
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
    }
}
