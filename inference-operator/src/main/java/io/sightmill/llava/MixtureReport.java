package io.sightmill.llava;

import java.util.List;

/**
 * What {@link MixtureVerifier} found in one precision.
 *
 * @param sequences compared in each mixture: the tasks of all its requests
 * @param events what the mixtures put in the sequences' way; a kind that never came was not tested
 * @param differences one line each, naming mixture, sequence and what differs; at most {@value
 *     #MOST_DIFFERENCES} are kept
 * @param unequal how many sequences of all mixtures differ
 */
public record MixtureReport(
        Precision precision,
        int requests,
        int sequences,
        int mixtures,
        MixtureEvents events,
        List<String> differences,
        long unequal) {

    static final int MOST_DIFFERENCES = 20;

    public MixtureReport {
        differences = List.copyOf(differences);
    }

    /** Whether every sequence gave in every mixture what it gave alone. */
    public boolean holds() {
        return unequal == 0;
    }
}
