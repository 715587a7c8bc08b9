package io.sightmill.flink;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How a test steers a scripted model that a job has opened somewhere in this JVM, and what it saw.
 */
public final class ModelControl {

    private static final Map<String, ModelControl> BY_NAME = new ConcurrentHashMap<>();

    private final Semaphore calls = new Semaphore(0);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger timesOpened = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger preprocessed = new AtomicInteger();
    private final AtomicInteger decoded = new AtomicInteger();
    private volatile boolean free = true;
    private volatile boolean failing;
    private volatile Duration stepTime = Duration.ZERO;
    private volatile boolean shouting;

    private ModelControl() {}

    static ModelControl named(String name) {
        return BY_NAME.computeIfAbsent(name, any -> new ModelControl());
    }

    /** A control of its own for a test, by the name a provider carries. */
    public static ModelControl of(ScriptedModel.Provider provider) {
        return named(provider.controlName());
    }

    /** From now on the model waits before each call. */
    public void block() {
        free = false;
    }

    /**
     * Lets the model be called so often; a step may call it for each record whose prompt it runs,
     * and for all decodes together.
     */
    public void allowCalls(int count) {
        calls.release(count);
    }

    /** Lets the model run on. */
    public void unblock() {
        free = true;
        calls.release(1);
    }

    /** From now on a call that decodes takes this long: there is one in a step. */
    public void stepTakes(Duration time) {
        stepTime = time;
    }

    /** The next call takes the engine down. */
    public void failNextCall() {
        failing = true;
    }

    /** From now on the model answers in capitals, so that its tokens are told from another's. */
    public void shout() {
        shouting = true;
    }

    boolean isShouting() {
        return shouting;
    }

    void awaitCall(boolean decodes) {
        if (!free) {
            calls.acquireUninterruptibly();
        }
        if (decodes) {
            LockSupport.parkNanos(stepTime.toNanos());
        }
        if (failing) {
            failing = false;
            throw new LinkageError("a failure that a test asked for");
        }
    }

    /** A native call that nothing can interrupt. */
    void hang(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    void opened() {
        open.incrementAndGet();
        timesOpened.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    void admitted() {
        running.incrementAndGet();
        admitted.incrementAndGet();
    }

    void released() {
        running.decrementAndGet();
    }

    void preprocessed() {
        preprocessed.incrementAndGet();
    }

    void decoded() {
        decoded.incrementAndGet();
    }

    /** How many models are open now. */
    public int openModels() {
        return open.get();
    }

    public int timesOpened() {
        return timesOpened.get();
    }

    /** How many sequences hold memory now. */
    public int runningSequences() {
        return running.get();
    }

    public int preprocessedRequests() {
        return preprocessed.get();
    }

    public int timesAdmitted() {
        return admitted.get();
    }

    /** How many tokens were decoded, replayed ones included. */
    public int decodedTokens() {
        return decoded.get();
    }
}
