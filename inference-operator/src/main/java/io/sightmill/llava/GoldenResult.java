package io.sightmill.llava;

import java.util.OptionalDouble;

/**
 * How far a run was from a golden case.
 *
 * @param caseName the case's file name
 * @param projectorDifference largest absolute difference of the projector's output; empty if the
 *     case has none
 * @param logitsDifference the same of the logits over the whole prompt
 * @param generatedLogitsDifference the same of the logits that each generated token was chosen from
 * @param equalIds how many of the greedy tokens are the reference's
 * @param generatedIds how many there are
 * @param limits what was allowed
 */
public record GoldenResult(
        String caseName,
        OptionalDouble projectorDifference,
        OptionalDouble logitsDifference,
        OptionalDouble generatedLogitsDifference,
        int equalIds,
        int generatedIds,
        GoldenLimits limits) {

    public boolean idsEqual() {
        return equalIds == generatedIds;
    }

    /** Whether everything is within the limits; a difference that is no number is not. */
    public boolean holds() {
        return within(projectorDifference, limits.projector())
                && within(logitsDifference, limits.logits())
                && within(generatedLogitsDifference, limits.logits())
                && (idsEqual() || !limits.equalIds());
    }

    private static boolean within(OptionalDouble difference, double limit) {
        return difference.isEmpty() || difference.getAsDouble() <= limit;
    }
}
