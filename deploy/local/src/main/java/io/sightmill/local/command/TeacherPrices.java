package io.sightmill.local.command;

import io.sightmill.tuning.instruct.Lesson;

/** Prices of a million tokens, in whatever currency they were given. */
record TeacherPrices(double prompt, double completion) {

    private static final double MILLION = 1e6;

    TeacherPrices {
        if (!(prompt >= 0 && completion >= 0)) {
            throw new IllegalArgumentException(
                    "the prices are %s and %s and must be 0 or more".formatted(prompt, completion));
        }
    }

    double of(Lesson.Usage usage) {
        return (usage.promptTokens() * prompt + usage.completionTokens() * completion) / MILLION;
    }
}
