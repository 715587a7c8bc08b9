package io.sightmill.llava;

import java.util.List;

/**
 * What one run of {@link EngineBenchmark} measured, and on what.
 *
 * @param model the checkpoint's directory name
 * @param processors the machine's, as the Java runtime counts them
 */
public record BenchmarkReport(
        String model, Precision precision, int processors, List<BenchmarkFigure> figures) {

    public BenchmarkReport {
        figures = List.copyOf(figures);
    }
}
