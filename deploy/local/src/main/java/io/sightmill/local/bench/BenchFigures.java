package io.sightmill.local.bench;

import io.sightmill.llava.BenchmarkFigure;
import io.sightmill.llava.BenchmarkTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Collects figures in the order of the table. */
final class BenchFigures {

    private final List<BenchmarkFigure> figures = new ArrayList<>();

    void add(String key, String what, double value, String unit) {
        add(key, what, value, unit, Optional.empty());
    }

    void addAtLeast(String key, String what, double value, String unit, double bound) {
        add(key, what, value, unit, Optional.of(new BenchmarkTarget(true, bound)));
    }

    void addAtMost(String key, String what, double value, String unit, double bound) {
        add(key, what, value, unit, Optional.of(new BenchmarkTarget(false, bound)));
    }

    private void add(
            String key, String what, double value, String unit, Optional<BenchmarkTarget> target) {
        figures.add(new BenchmarkFigure(key, what, value, unit, OptionalDouble.empty(), target));
    }

    List<BenchmarkFigure> all() {
        return List.copyOf(figures);
    }
}
