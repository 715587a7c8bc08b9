package io.sightmill.tuning.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The run's figures as CSV, one line a step. Losses and norms are written so that reading them
 * gives the same bits. Used by one thread.
 */
final class MetricsFile {

    static final String HEADER =
            "step,epoch,loss,gradient_norm,learning_rate,samples,positions,learned_positions,"
                    + "seconds,positions_per_second,gflops";

    private final Path file;

    MetricsFile(Path file) {
        this.file = file;
    }

    /** Begins anew, or goes on behind a step: what a run did after it was saved is done again. */
    void goOnBehind(long step) throws IOException {
        List<String> kept = new ArrayList<>(List.of(HEADER));
        if (step > 0 && Files.exists(file)) {
            Files.readAllLines(file).stream()
                    .skip(1)
                    .filter(line -> line.endsWith("\n") || isWhole(line))
                    .filter(line -> stepOf(line) <= step)
                    .forEach(kept::add);
        }
        Path partial = file.resolveSibling(file.getFileName() + ".part");
        Files.write(partial, kept);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A process that was killed may have left half a line. */
    private static boolean isWhole(String line) {
        return line.split(",", -1).length == HEADER.split(",").length;
    }

    private static long stepOf(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(',')));
    }

    void append(StepReport report) throws IOException {
        String line =
                String.format(
                        Locale.ROOT,
                        "%d,%.4f,%s,%s,%.6e,%d,%d,%d,%.4f,%.1f,%.2f%n",
                        report.step(),
                        report.epoch(),
                        Float.toString(report.loss()),
                        Float.toString(report.gradientNorm()),
                        report.learningRate(),
                        report.samples(),
                        report.positions(),
                        report.learned(),
                        report.seconds(),
                        report.positionsPerSecond(),
                        report.operations() / report.seconds() / 1e9);
        Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    /** The losses so far, by step from 1. */
    List<Float> losses() throws IOException {
        return Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> Float.valueOf(line.split(",")[2]))
                .toList();
    }
}
