package io.sightmill.tuning.benchmarks;

/**
 * One number that a benchmark gives.
 *
 * @param name for people; its key in a report is for machines
 * @param value of a percentage from 0 to 100; NaN where there was nothing to take it of
 */
public record Figure(String name, double value, Unit unit) {

    /** What a number counts. */
    public enum Unit {
        COUNT,
        PERCENT
    }

    static Figure count(String name, long value) {
        return new Figure(name, value, Unit.COUNT);
    }

    /** A share of a whole; NaN where the whole is 0. */
    static Figure percent(String name, double part, double whole) {
        return new Figure(name, whole == 0 ? Double.NaN : 100 * part / whole, Unit.PERCENT);
    }
}
