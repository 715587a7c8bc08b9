package io.sightmill.engine;

/**
 * Which lane goes next while both wait: live, but bulk is owed its share of the turns, so that no
 * live load keeps it waiting for ever.
 *
 * <p>INVARIANT: 0 <= owed <= 1, what bulk is owed of a turn.
 */
final class LaneTurns {

    /** Ten times a tenth is a little less than one. */
    private static final double ROUNDING = 1e-9;

    private final double bulkShare;
    private double owed;

    /**
     * @param bulkShare share of the turns, above 0 and below 1
     */
    LaneTurns(double bulkShare) {
        this.bulkShare = bulkShare;
    }

    /** The lane whose turn it is; at least one of the two must wait. */
    Lane next(boolean liveWaits, boolean bulkWaits) {
        if (!liveWaits || !bulkWaits) {
            return liveWaits ? Lane.LIVE : Lane.BULK;
        }
        return owed + bulkShare >= 1 - ROUNDING ? Lane.BULK : Lane.LIVE;
    }

    /** Notes that a lane went, and whether both had waited: else nobody lost anything. */
    void took(Lane lane, boolean bothWaited) {
        if (bothWaited) {
            double now = owed + bulkShare - (lane == Lane.BULK ? 1 : 0);
            owed = Math.max(0, Math.min(1, now));
        }
    }
}
