package io.sightmill.tuning.scenes;

import io.sightmill.tuning.Dice;

/**
 * Where a scene comes from: 64 bits, of which the highest says what the scene is for. It is 0 in
 * every scene to train with and 1 in every scene to evaluate with, whatever seeds and numbers of
 * scenes a user asks for, so that no run of training can have seen a scene of an evaluation.
 */
public record SceneSeed(long value) {

    /** Scene {@code index} of those to train with under a user's seed. */
    public static SceneSeed training(long seed, long index) {
        return new SceneSeed(bits(seed, index) & Long.MAX_VALUE);
    }

    /** Scene {@code index} of those to evaluate with under a user's seed. */
    public static SceneSeed evaluation(long seed, long index) {
        return new SceneSeed(bits(seed, index) | Long.MIN_VALUE);
    }

    private static long bits(long seed, long index) {
        return Dice.of(seed, index).nextLong();
    }

    public boolean isForEvaluation() {
        return value < 0;
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x".formatted(value);
    }
}
