package io.sightmill.local.command;

import io.sightmill.local.chaos.ChaosListener;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** Writes what happens in a run of the suite, a line an event, with the time. One thread. */
final class ChaosProgress implements ChaosListener, AutoCloseable {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(5);

    private final PrintStream stream;
    private long lastCount;

    ChaosProgress(PrintStream stream) {
        this.stream = stream;
        this.lastCount = System.nanoTime();
    }

    @Override
    public void on(String event) {
        stream.println(LocalTime.now().format(TIME) + " " + event);
    }

    @Override
    public void onOutcomes(String run, int committed, int all) {
        boolean isDue = System.nanoTime() - lastCount > BETWEEN_COUNTS.toNanos();
        if (isDue || committed == all) {
            on("%s %d of %d outcomes committed".formatted(run, committed, all));
            lastCount = System.nanoTime();
        }
    }

    @Override
    public void close() {
        stream.flush();
    }
}
