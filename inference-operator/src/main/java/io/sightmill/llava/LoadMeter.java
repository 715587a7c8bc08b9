package io.sightmill.llava;

/** Adds up what has been loaded and digested. Thread-safe: the two go on side by side. */
final class LoadMeter {

    private static final String DIGEST = "digest";

    private final LoadProgress progress;
    private final long totalBytes;
    private long doneBytes;
    private String part = DIGEST;

    LoadMeter(LoadProgress progress, long totalBytes) {
        this.progress = progress;
        this.totalBytes = totalBytes;
    }

    /** Nobody listens. */
    static LoadMeter none() {
        return new LoadMeter(LoadProgress.none(), 0);
    }

    /** A tensor of this part is next, and so many bytes before it are done. */
    synchronized void loading(CheckpointPart next, long bytesBefore) {
        part = next.title();
        advance(bytesBefore);
    }

    /** The last tensor is loaded. */
    synchronized void loaded(long bytesBefore) {
        part = DIGEST;
        advance(bytesBefore);
    }

    synchronized void digested(long bytes) {
        advance(bytes);
    }

    private void advance(long bytes) {
        doneBytes += bytes;
        progress.advanced(part, doneBytes, totalBytes);
    }
}
