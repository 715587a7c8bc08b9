package io.sightmill.local.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * One disturbance, until the pipeline has shown that it is over it.
 *
 * <p>An outcome alone shows nothing: it can have been on its way to its commit. So the job has
 * recovered with the first outcome that was seen after a checkpoint which began after the
 * disturbance was complete, for it takes all tasks and the broker to complete one; and ingest with
 * the first outcome of a request that was sent after it. Times in milliseconds since 1970.
 */
final class Recovery {

    private final Disturbance disturbance;
    private final long struckAt;
    private final TreeSet<Long> outcomesAt = new TreeSet<>();

    Recovery(Disturbance disturbance, long struckAt) {
        this.disturbance = disturbance;
        this.struckAt = struckAt;
    }

    /** A reader of committed records has seen one or more. */
    void onOutcomes(long now) {
        outcomesAt.add(now);
    }

    /**
     * How long it took, if it is over.
     *
     * @param checkpointCompleted when the first checkpoint was complete that began after {@link
     *     #struckAt}, if one was
     * @param requestEnded when the first request that was sent after it had all its outcomes, if
     *     one has
     */
    Optional<Duration> time(OptionalLong checkpointCompleted, OptionalLong requestEnded) {
        OptionalLong over =
                disturbance == Disturbance.INGEST_KILLED
                        ? requestEnded
                        : firstOutcomeSince(checkpointCompleted);
        return over.isPresent()
                ? Optional.of(Duration.ofMillis(over.getAsLong() - struckAt))
                : Optional.empty();
    }

    private OptionalLong firstOutcomeSince(OptionalLong completed) {
        Long outcome = completed.isPresent() ? outcomesAt.ceiling(completed.getAsLong()) : null;
        return outcome == null ? OptionalLong.empty() : OptionalLong.of(outcome);
    }

    long struckAt() {
        return struckAt;
    }
}
