package io.sightmill.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Sequences of a step that did not return: one of them is to blame, and nobody knows which. Each
 * goes on with the others up to where it stood then, for that had worked, and takes the next step
 * alone: the one that hangs once more is the culprit, the others are cleared. So a culprit costs
 * two calls that hang, however many it ran with.
 */
final class Quarantine {

    /** How far a sequence had come. */
    private record Place(int prefilledTokens, int tokenCount) {

        static Place of(Sequence sequence) {
            return new Place(sequence.prefilledTokens(), sequence.tokenCount());
        }
    }

    private final Map<SequenceId, Place> suspects = new HashMap<>();

    /** Suspects everybody whom a plan was to run. */
    void suspect(BatchPlan plan) {
        plan.sequences().forEach(sequence -> suspects.put(sequence.id(), Place.of(sequence)));
    }

    /** A plan in parts: those that nobody suspects, and each of the others by itself. */
    List<BatchPlan> parts(BatchPlan plan) {
        if (suspects.isEmpty()) {
            return List.of(plan);
        }
        List<BatchPlan> parts = new ArrayList<>();
        BatchPlan trusted = plan.only(sequence -> !isDangerous(sequence));
        if (!trusted.isEmpty()) {
            parts.add(trusted);
        }
        plan.sequences().stream()
                .filter(this::isDangerous)
                .forEach(suspect -> parts.add(plan.only(sequence -> sequence == suspect)));
        return parts;
    }

    /** A part has returned: whoever took the step that it was suspected for is cleared. */
    void clear(BatchPlan part) {
        if (!suspects.isEmpty()) {
            part.sequences().stream()
                    .filter(this::isDangerous)
                    .forEach(sequence -> suspects.remove(sequence.id()));
        }
    }

    /** Forgets those that have ended. */
    void keepOnly(Predicate<SequenceId> inFlight) {
        suspects.keySet().removeIf(inFlight.negate());
    }

    private boolean isDangerous(Sequence sequence) {
        return Place.of(sequence).equals(suspects.get(sequence.id()));
    }
}
