package io.sightmill.engine;

import java.time.Duration;

/**
 * What bulk leaves free for live sequences to come: as much as live has had at once lately. Where
 * live requests keep coming, each would otherwise drive out a bulk sequence whose prompt has just
 * been prefilled.
 *
 * <p>No more than half of the places and of the memory, and nothing once live has been gone for
 * {@link #REMEMBERED} to twice that.
 */
final class LiveRoom {

    static final Duration REMEMBERED = Duration.ofSeconds(10);

    private final EngineOptions options;
    private Use now = Use.NOTHING;
    private Use most = Use.NOTHING;
    private Use mostBefore = Use.NOTHING;
    private long since;
    private boolean hasBegun;

    /** What the running sequences of the live lane hold. */
    record Use(int sequences, int kvTokens) {

        static final Use NOTHING = new Use(0, 0);

        private Use max(Use other) {
            return new Use(
                    Math.max(sequences, other.sequences), Math.max(kvTokens, other.kvTokens));
        }
    }

    LiveRoom(EngineOptions options) {
        this.options = options;
    }

    /** Notes what live holds at this time. */
    void holds(Use live, long nanoTime) {
        if (!hasBegun || nanoTime - since >= REMEMBERED.toNanos()) {
            boolean isRecent = hasBegun && nanoTime - since < 2 * REMEMBERED.toNanos();
            mostBefore = isRecent ? most : Use.NOTHING;
            most = Use.NOTHING;
            since = nanoTime;
            hasBegun = true;
        }
        now = live;
        most = most.max(live);
    }

    /** Places to leave free. */
    int sequences() {
        int lately = most.max(mostBefore).sequences();
        return Math.max(0, Math.min(lately, options.maxSequences() / 2) - now.sequences());
    }

    /** KV memory to leave free, in positions. */
    int kvTokens() {
        int lately = most.max(mostBefore).kvTokens();
        return Math.max(0, Math.min(lately, options.kvTokens() / 2) - now.kvTokens());
    }
}
