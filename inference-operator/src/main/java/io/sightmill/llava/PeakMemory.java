package io.sightmill.llava;

import java.util.Optional;

/** Watches {@link ProcessMemory} on a thread of its own until it is closed. */
final class PeakMemory implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 10;

    private final Thread watcher = new Thread(this::watch, "peak-memory");
    private volatile boolean isClosed;
    private long anonymousBytes;
    private long fileBytes;

    PeakMemory() {
        watcher.setDaemon(true);
        watcher.start();
    }

    /** The most of each so far; empty where the system does not tell. */
    synchronized Optional<ProcessMemory> soFar() {
        look();
        return anonymousBytes == 0
                ? Optional.empty()
                : Optional.of(new ProcessMemory(anonymousBytes, fileBytes));
    }

    private void watch() {
        try {
            while (!isClosed) {
                look();
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        ProcessMemory.now()
                .ifPresent(
                        now -> {
                            anonymousBytes = Math.max(anonymousBytes, now.anonymousBytes());
                            fileBytes = Math.max(fileBytes, now.fileBytes());
                        });
    }

    @Override
    public void close() {
        isClosed = true;
        watcher.interrupt();
    }
}
