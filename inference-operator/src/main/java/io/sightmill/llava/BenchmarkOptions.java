package io.sightmill.llava;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What to measure, and for how long.
 *
 * @param model the checkpoint's directory
 * @param parts what to measure; parts whose figures these are compared with are measured too
 * @param time for all parts together, in which their repetitions are fitted. Each is measured once
 *     and each load run whole, so slow machines take longer.
 * @param seed of prompts, answer lengths and arrivals
 */
public record BenchmarkOptions(
        Path model, Precision precision, Set<BenchmarkPart> parts, Duration time, long seed) {

    private static final int MOST_SECONDS = 86_400;

    public BenchmarkOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(precision, "precision");
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("parts is empty and must name one at least");
        }
        parts = EnumSet.copyOf(parts);
        Bound.require(
                "seconds", (int) Math.min(time.toSeconds(), MOST_SECONDS + 1), 1, MOST_SECONDS);
    }
}
