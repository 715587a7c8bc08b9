package io.sightmill.llava;

/** Hears how far the loading of a checkpoint is. Implementations return at once. */
@FunctionalInterface
public interface LoadProgress {

    /**
     * Called often, by one thread at a time, though not always the same.
     *
     * @param part what is being loaded: vision, projector, language, head, newline, or digest while
     *     only the weights' SHA-256 is missing
     * @param doneBytes of the weight files; they are read twice, for the tensors and the SHA-256
     * @param totalBytes the same when loading is over
     */
    void advanced(String part, long doneBytes, long totalBytes);

    /** Nobody listens. */
    static LoadProgress none() {
        return (part, doneBytes, totalBytes) -> {};
    }
}
