package io.sightmill.flink.quarantine;

/**
 * What speaks against a record: failures of the job while it ran.
 *
 * @param failures how many
 * @param failuresAlone of them those while nothing else ran on its engine
 * @param isExplained whether at least one of them has a reason: the engine or the task said that it
 *     fails, or the process left a crash log. A TaskManager that is lost without a word says
 *     nothing, and most are lost through no record's fault
 * @param cause of the last one, for a person
 */
record Suspicion(int failures, int failuresAlone, boolean isExplained, String cause) {

    /** After so many failures, the last of them alone, a record is refused. */
    static final int MOST_FAILURES = 3;

    /** How many are tried together first, so that the one at fault is alone at the third. */
    private static final int GROUP = 8;

    static final Suspicion NONE = new Suspicion(0, 0, false, "");

    Suspicion and(boolean wasAlone, boolean explained, String why) {
        return new Suspicion(
                failures + 1, failuresAlone + (wasAlone ? 1 : 0), isExplained || explained, why);
    }

    Suspicion explained(String why) {
        return new Suspicion(failures, failuresAlone, true, why);
    }

    /** Both together, of the same record: what was forgotten by one is known by the other. */
    Suspicion or(Suspicion other) {
        return failures >= other.failures ? this : other;
    }

    /** How many suspects like this one are tried at a time; 0 if it runs with everybody. */
    int trialSize() {
        // The first loss of a TaskManager makes nobody a suspect.
        int counted = isExplained ? failures : failures - 1;
        if (counted <= 0) {
            return 0;
        }
        return counted == 1 ? GROUP : 1;
    }

    /** Whether it is refused from now on. */
    boolean isGuilty() {
        return failuresAlone >= MOST_FAILURES
                || isExplained && failures >= MOST_FAILURES && failuresAlone >= 1;
    }
}
