package io.sightmill.llava;

import io.sightmill.engine.BatchPlan;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.ImageCounters;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.StepResult;

/** A runner that notes how long its steps take, and of what they are. Used by one thread. */
final class MeteredRunner implements ModelRunner {

    private final ModelRunner runner;
    private long runNanos;
    private int decoding;
    private boolean decodesOnly;
    private long decodedTokens;
    private long decodeNanos;

    MeteredRunner(ModelRunner runner) {
        this.runner = runner;
    }

    @Override
    public void begin(EngineOptions options) {
        runner.begin(options);
    }

    @Override
    public int heldKvTokens(PreparedTask task) {
        return runner.heldKvTokens(task);
    }

    @Override
    public void admit(Sequence sequence) {
        runner.admit(sequence);
    }

    @Override
    public StepResult run(BatchPlan plan) {
        long began = System.nanoTime();
        StepResult result = runner.run(plan);
        runNanos += System.nanoTime() - began;
        decoding = plan.decodes().size();
        decodesOnly = plan.size() == decoding;
        decodedTokens += decoding;
        decodeNanos += result.decode().toNanos();
        return result;
    }

    @Override
    public void probe() {
        runner.probe();
    }

    @Override
    public void release(Sequence sequence) {
        runner.release(sequence);
    }

    @Override
    public ImageCounters images() {
        return runner.images();
    }

    /** Of all steps so far. */
    long runNanos() {
        return runNanos;
    }

    /** Whether the last step decoded for this many sequences and did nothing else. */
    boolean decodedOnly(int sequences) {
        return decodesOnly && decoding == sequences;
    }

    /** Tokens that decode steps gave, those of prefills not counted. */
    long decodedTokens() {
        return decodedTokens;
    }

    /** What they took. */
    double decodeSeconds() {
        return decodeNanos / 1e9;
    }
}
