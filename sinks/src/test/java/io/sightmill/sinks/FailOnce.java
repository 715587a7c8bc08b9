package io.sightmill.sinks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Passes records on, slowly, and fails the job once: some records after a completed checkpoint, so
 * that the sink holds records of which no checkpoint knows.
 */
public final class FailOnce<T> extends RichMapFunction<T, T> implements CheckpointListener {

    private static final long serialVersionUID = 1L;

    private static final int RECORDS_AFTER_CHECKPOINT = 20;

    private static final Map<String, AtomicInteger> FAILURES = new ConcurrentHashMap<>();

    private final String test;
    private final long pauseMillis;
    private boolean checkpointComplete;
    private int recordsAfterCheckpoint;

    /**
     * @param test distinguishes the failures of one test from those of another in the same JVM
     */
    public FailOnce(String test, long pauseMillis) {
        this.test = test;
        this.pauseMillis = pauseMillis;
    }

    public static int failures(String test) {
        return counter(test).get();
    }

    private static AtomicInteger counter(String test) {
        return FAILURES.computeIfAbsent(test, key -> new AtomicInteger());
    }

    @Override
    public T map(T record) throws Exception {
        Thread.sleep(pauseMillis);
        if (checkpointComplete
                && ++recordsAfterCheckpoint > RECORDS_AFTER_CHECKPOINT
                && counter(test).compareAndSet(0, 1)) {
            throw new IllegalStateException("the failure that this test is about");
        }
        return record;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        checkpointComplete = true;
    }
}
