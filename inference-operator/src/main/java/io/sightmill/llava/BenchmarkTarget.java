package io.sightmill.llava;

/**
 * What a figure should reach.
 *
 * @param isLeast whether more is better
 * @param bound the least, or the most
 */
public record BenchmarkTarget(boolean isLeast, double bound) {

    static BenchmarkTarget atLeast(double bound) {
        return new BenchmarkTarget(true, bound);
    }

    static BenchmarkTarget atMost(double bound) {
        return new BenchmarkTarget(false, bound);
    }

    public boolean isReached(double measured) {
        return isLeast ? measured >= bound : measured <= bound;
    }

    /** How far a measured value is on the way: 1 where it just reaches the target. */
    public double progress(double measured) {
        return isLeast ? measured / bound : bound / measured;
    }
}
