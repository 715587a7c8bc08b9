package io.sightmill.tuning.instruct.chat;

import java.time.Duration;

/**
 * Keeps all threads together to a number of requests a minute, evenly spread, and holds all of them
 * back where the server asks for it. Thread-safe.
 */
final class RequestPace {

    private final long nanosBetween;
    private final ChatTime time;
    private long nextTurn;
    private long heldUntil;

    /**
     * @param perMinute 0 for as many as there can be
     */
    RequestPace(double perMinute, ChatTime time) {
        this.nanosBetween =
                perMinute == 0 ? 0 : (long) (Duration.ofMinutes(1).toNanos() / perMinute);
        this.time = time;
        this.nextTurn = time.nanoTime();
        this.heldUntil = nextTurn;
    }

    /** Waits for this thread's turn; who is held back while it waits takes another. */
    void await() throws InterruptedException {
        do {
            long turn = takeTurn();
            for (long left = turn - time.nanoTime(); left > 0; left = turn - time.nanoTime()) {
                time.sleep(Duration.ofNanos(left));
            }
        } while (isHeld());
    }

    private synchronized long takeTurn() {
        long turn = Math.max(Math.max(nextTurn, heldUntil), time.nanoTime());
        nextTurn = turn + nanosBetween;
        return turn;
    }

    private synchronized boolean isHeld() {
        return heldUntil > time.nanoTime();
    }

    /** Nobody asks for so long. */
    synchronized void holdBack(Duration duration) {
        heldUntil = Math.max(heldUntil, time.nanoTime() + duration.toNanos());
    }
}
