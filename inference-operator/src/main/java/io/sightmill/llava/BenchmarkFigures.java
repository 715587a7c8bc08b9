package io.sightmill.llava;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Collects figures in the order in which they are measured. */
final class BenchmarkFigures {

    private final Precision precision;
    private final List<BenchmarkFigure> figures = new ArrayList<>();

    BenchmarkFigures(Precision precision) {
        this.precision = precision;
    }

    void add(String key, String what, double value, String unit) {
        add(key, what, value, unit, OptionalDouble.empty());
    }

    void addWithShare(String key, String what, double value, String unit, double share) {
        add(key, what, value, unit, OptionalDouble.of(share));
    }

    private void add(String key, String what, double value, String unit, OptionalDouble share) {
        figures.add(
                new BenchmarkFigure(
                        key, what, value, unit, share, BenchmarkTargets.of(precision, key)));
    }

    List<BenchmarkFigure> all() {
        return List.copyOf(figures);
    }
}
