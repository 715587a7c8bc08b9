package io.sightmill.llava;

import java.util.List;

/**
 * What one run of {@link EngineBenchmark} measured, and on what.
 *
 * @param model the checkpoint's directory name
 * @param threads of the library's products
 */
public record BenchmarkReport(
        String model, Precision precision, int threads, List<BenchmarkFigure> figures) {

    public BenchmarkReport {
        figures = List.copyOf(figures);
    }
}
