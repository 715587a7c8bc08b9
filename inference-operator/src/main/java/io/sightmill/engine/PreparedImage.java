package io.sightmill.engine;

/**
 * An image ready to be encoded. Opaque to the engine; immutable, shared between the tasks of a
 * request and between threads.
 */
public interface PreparedImage {

    /** Equal for two images if and only if their features are equal: content and processing. */
    String key();

    /** How many prompt tokens the image takes. */
    int tokens();
}
