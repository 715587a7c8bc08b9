package io.sightmill.engine;

/**
 * Which lane goes next: live, but a bulk sequence that waits goes after every {@value #LIVE_TURNS}
 * live ones, so that no live load keeps bulk waiting for ever.
 */
final class LaneTurns {

    static final int LIVE_TURNS = 8;

    private int liveTurnsWhileBulkWaited;

    /** The lane whose turn it is; at least one of the two must wait. */
    Lane next(boolean liveWaits, boolean bulkWaits) {
        if (!liveWaits || !bulkWaits) {
            return liveWaits ? Lane.LIVE : Lane.BULK;
        }
        return liveTurnsWhileBulkWaited < LIVE_TURNS ? Lane.LIVE : Lane.BULK;
    }

    /** Notes that the lane's head went, and whether bulk waited meanwhile. */
    void took(Lane lane, boolean bulkWaited) {
        liveTurnsWhileBulkWaited =
                lane == Lane.LIVE && bulkWaited ? liveTurnsWhileBulkWaited + 1 : 0;
    }
}
