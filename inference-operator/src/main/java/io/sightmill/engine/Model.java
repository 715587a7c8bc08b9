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

    @Override
    void close();
}
