package io.sightmill.local.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a run of the suite found.
 *
 * @param requests how many were sent through the disturbances
 * @param outcomes how many committed answers, embeddings and rejections they had to have
 * @param lost outcomes that are not there
 * @param duplicated outcomes that are there more than once
 * @param different outcomes whose content is not that of the undisturbed run
 * @param unexpected outcomes nobody asked for
 * @param resumedTokens tokens that were taken out of a checkpoint, at least
 * @param disturbances what happened, how often
 * @param recoveries for each disturbance, from the signal to the first outcome that shows that the
 *     pipeline is over it, as a reader of committed records saw it
 * @param longestAnswer longest time from a request's sending to its last outcome
 * @param checkpointMillis of each completed checkpoint, end to end
 * @param largestCheckpointBytes state of the largest one
 * @param undisturbed how long the same requests took before
 * @param disturbed how long they took
 */
public record ChaosReport(
        int requests,
        int outcomes,
        int lost,
        int duplicated,
        int different,
        long unexpected,
        long resumedTokens,
        Map<Disturbance, Integer> disturbances,
        List<Duration> recoveries,
        Duration longestAnswer,
        List<Long> checkpointMillis,
        long largestCheckpointBytes,
        Duration undisturbed,
        Duration disturbed) {

    /** Whether every outcome is there once, as without disturbances, and decoding was continued. */
    public boolean holds() {
        return lost == 0
                && duplicated == 0
                && different == 0
                && unexpected == 0
                && (disturbances.isEmpty() || resumedTokens > 0);
    }

    /**
     * @param share 0 to 1
     */
    public Duration recovery(double share) {
        return quantile(recoveries, share, Duration.ZERO);
    }

    /**
     * @param share 0 to 1
     */
    public long checkpointMillis(double share) {
        return quantile(checkpointMillis, share, 0L);
    }

    private static <T extends Comparable<? super T>> T quantile(
            List<T> values, double share, T none) {
        if (values.isEmpty()) {
            return none;
        }
        List<T> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }
}
