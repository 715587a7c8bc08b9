package io.sightmill.tuning.instruct.chat;

import java.time.Duration;
import java.time.Instant;

/** Time as a client of a server sees it: injected, so that tests need not wait. */
interface ChatTime {

    /** Only goes forward; for lengths of time. */
    long nanoTime();

    /** What the calendar says, for dates that a server names. */
    Instant now();

    void sleep(Duration duration) throws InterruptedException;

    /** The machine's. */
    static ChatTime ofTheMachine() {
        return new ChatTime() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                // At least a millisecond: a turn is waited for in a loop.
                Thread.sleep(Math.max(1, duration.toMillis()));
            }
        };
    }
}
