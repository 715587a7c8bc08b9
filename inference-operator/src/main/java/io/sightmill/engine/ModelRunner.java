package io.sightmill.engine;

/**
 * The engine's contract with the model. Called by one thread at a time.
 *
 * <p>A sequence's outputs depend on its request alone: never on what shares its step. Any call may
 * throw {@link CallHungException}; then everything that was admitted is gone, and released already.
 */
public interface ModelRunner extends AutoCloseable {

    /** Takes the bounds it runs under. Called once, before anything else. */
    default void begin(EngineOptions options) {}

    /**
     * KV memory that is set aside for a task, in positions: at least {@code mostKvTokens()}, more
     * where memory comes in pages. The same at any time. This is what the engine's budget counts.
     */
    default int heldKvTokens(PreparedTask task) {
        return task.mostKvTokens();
    }

    /**
     * Sets aside KV memory for a sequence, {@link #heldKvTokens}. The engine's budget guarantees
     * that it is there.
     *
     * @throws RuntimeException if the sequence cannot run; then nothing is set aside, and it is not
     *     released
     */
    void admit(Sequence sequence);

    /**
     * Runs one step: encode, project, prefill, decode, in this order.
     *
     * @throws RuntimeException if the step as a whole failed; no sequence of the plan has advanced
     */
    StepResult run(BatchPlan plan);

    /**
     * Does as little as a working device can do. Called when nothing of a plan succeeded, to tell a
     * device that is gone from sequences that are at fault themselves.
     *
     * @throws RuntimeException if the device does not work
     */
    default void probe() {}

    /**
     * Frees what a sequence holds; called once for each admitted sequence, whatever became of it.
     * It may come long after its end: until then others copy its prefix.
     */
    void release(Sequence sequence);

    /** What its cache of encoded images has done. */
    default ImageCounters images() {
        return ImageCounters.NONE;
    }

    /** Frees what is still held. Called last, if at all: a model that is closed frees it too. */
    @Override
    default void close() {}
}
