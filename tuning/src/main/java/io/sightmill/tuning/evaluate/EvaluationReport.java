package io.sightmill.tuning.evaluate;

import java.util.Objects;

/**
 * What an evaluation found.
 *
 * @param model the last part of the checkpoint's directory
 * @param seeing with the pictures
 * @param blackedOut with black ones instead: what the language alone guesses
 */
public record EvaluationReport(
        String model,
        String weightsSha256,
        long scenes,
        long seed,
        SceneScores seeing,
        SceneScores blackedOut) {

    public EvaluationReport {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(weightsSha256, "weightsSha256");
        Objects.requireNonNull(seeing, "seeing");
        Objects.requireNonNull(blackedOut, "blackedOut");
    }
}
