package io.sightmill.tuning.instruct.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only while somebody sleeps. */
final class FakeTime implements ChatTime {

    static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");

    private final List<Duration> slept = new ArrayList<>();
    private Duration passed = Duration.ZERO;

    @Override
    public synchronized long nanoTime() {
        return passed.toNanos();
    }

    @Override
    public synchronized Instant now() {
        return BEGIN.plus(passed);
    }

    @Override
    public synchronized void sleep(Duration duration) {
        slept.add(duration);
        passed = passed.plus(duration);
    }

    synchronized List<Duration> slept() {
        return List.copyOf(slept);
    }
}
