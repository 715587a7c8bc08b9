package io.sightmill.tuning.benchmarks;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param benchmark its name on the command line
 * @param figures by key, in the order to show them
 */
public record BenchmarkReport(String benchmark, Map<String, Figure> figures) {

    public BenchmarkReport {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
