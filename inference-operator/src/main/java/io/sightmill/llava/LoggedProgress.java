package io.sightmill.llava;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes how far loading is to the log, every few seconds and at the end. */
final class LoggedProgress implements LoadProgress {

    private static final Logger LOG = LoggerFactory.getLogger(LoggedProgress.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final String model;
    private final InstantSource clock;
    private final Consumer<String> log;
    private long nextMillis;
    private boolean isOver;

    LoggedProgress(String model, InstantSource clock, Consumer<String> log) {
        this.model = model;
        this.clock = clock;
        this.log = log;
        this.nextMillis = clock.millis() + INTERVAL.toMillis();
    }

    static LoggedProgress of(String model) {
        return new LoggedProgress(model, InstantSource.system(), LOG::info);
    }

    @Override
    public void advanced(String part, long doneBytes, long totalBytes) {
        boolean ends = doneBytes >= totalBytes;
        if (isOver || (!ends && clock.millis() < nextMillis)) {
            return;
        }
        isOver = ends;
        nextMillis = clock.millis() + INTERVAL.toMillis();
        log.accept(
                "loading %s: %s, %d of %d MB"
                        .formatted(
                                model,
                                ends ? "done" : part,
                                doneBytes / 1_000_000,
                                totalBytes / 1_000_000));
    }
}
