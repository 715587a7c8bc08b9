package io.sightmill.tuning.instruct;

import java.util.Objects;

/** A question that can be checked, and its short answer. */
public record Question(Skill skill, String text, String answer) {

    public Question {
        Objects.requireNonNull(skill, "skill");
        if (text.isBlank() || answer.isBlank()) {
            throw new IllegalArgumentException(
                    "a question '%s' has the answer '%s'; both must have words"
                            .formatted(text, answer));
        }
    }
}
