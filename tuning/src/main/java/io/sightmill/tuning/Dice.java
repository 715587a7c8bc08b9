package io.sightmill.tuning;

import java.util.List;

/**
 * Random choices that are the same on every Java runtime: the published SplitMix64 generator, whose
 * sequence no library release can change. Used by one thread.
 */
public final class Dice {

    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final double TO_UNIT = 0x1.0p-53;

    private long state;

    public Dice(long seed) {
        this.state = mix(seed);
    }

    /** Dice for a part of the work, whose numbers do not depend on how many others drew. */
    public static Dice of(long seed, long part) {
        return new Dice(mix(seed) + part * GAMMA);
    }

    /** Spreads the bits of a number over all 64: different numbers give different results. */
    public static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** From 0 to below 1. */
    public double nextDouble() {
        return (nextLong() >>> 11) * TO_UNIT;
    }

    /** From {@code least} to below {@code bound}. */
    public double between(double least, double bound) {
        return least + nextDouble() * (bound - least);
    }

    /**
     * From 0 to below {@code bound}.
     *
     * @throws IllegalArgumentException if the bound is not positive
     */
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound is " + bound + " and must be at least 1");
        }
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** From {@code least} to {@code most}, both included. */
    public int within(int least, int most) {
        return least + below(most - least + 1);
    }

    public boolean chance(double share) {
        return nextDouble() < share;
    }

    public <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    @SafeVarargs
    public final <T> T pick(T... choices) {
        return choices[below(choices.length)];
    }

    /** Puts a modifiable list into a random order. */
    public <T> void shuffle(List<T> list) {
        for (int index = list.size() - 1; index > 0; index--) {
            int other = below(index + 1);
            T kept = list.get(index);
            list.set(index, list.get(other));
            list.set(other, kept);
        }
    }
}
