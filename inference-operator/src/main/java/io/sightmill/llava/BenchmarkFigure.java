package io.sightmill.llava;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One measured figure.
 *
 * @param key its name for machines
 * @param what its name for people
 * @param value the median where it was measured several times; of the roofline, the best
 * @param unit of the value; {@link #SHARE} for a fraction
 * @param share of the roofline that the value is, as a fraction; empty where it is compared with
 *     none
 * @param target of the share where there is one, else of the value; empty if there is none
 */
public record BenchmarkFigure(
        String key,
        String what,
        double value,
        String unit,
        OptionalDouble share,
        Optional<BenchmarkTarget> target) {

    /** The unit of a fraction, 1 being the whole. */
    public static final String SHARE = "share";

    public BenchmarkFigure {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(share, "share");
        Objects.requireNonNull(target, "target");
    }

    /** What the target is about. */
    public double compared() {
        return share.orElse(value);
    }

    /** Whether {@link #compared()} is a fraction. */
    public boolean comparesShares() {
        return share.isPresent() || unit.equals(SHARE);
    }

    /** Whether it reaches its target; empty if it has none. */
    public Optional<Boolean> isReached() {
        return target.map(bound -> bound.isReached(compared()));
    }
}
