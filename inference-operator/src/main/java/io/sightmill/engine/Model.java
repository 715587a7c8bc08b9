package io.sightmill.engine;

/** A loaded model, split by who uses it. Closing it frees the device memory. */
public interface Model extends AutoCloseable {

    ModelDescription description();

    /** Thread-safe. */
    RequestPreprocessor preprocessor();

    /** Thread-safe. */
    TokenDecoder tokenDecoder();

    /** Owned by the engine's thread. */
    ModelRunner runner();

    /**
     * Another runner on the same weights, to take the place of one whose call does not return
     * ({@link WatchedRunner}). Whoever asks closes it, before the model.
     *
     * @throws UnsupportedOperationException if the model has only one
     */
    default ModelRunner newRunner() {
        throw new UnsupportedOperationException("the model has one runner only");
    }

    @Override
    void close();
}
