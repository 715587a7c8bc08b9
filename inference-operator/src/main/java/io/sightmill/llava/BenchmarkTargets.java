package io.sightmill.llava;

import java.util.Map;
import java.util.Optional;

/**
 * What engine and training are built to reach, by figure; shares, so that a slow machine does not
 * decide.
 */
final class BenchmarkTargets {

    private static final Map<String, BenchmarkTarget> OF_ALL =
            Map.ofEntries(
                    Map.entry("batches.ratio", BenchmarkTarget.atLeast(2)),
                    Map.entry("mixed.decodeShare", BenchmarkTarget.atLeast(0.9)),
                    Map.entry("tasks.cost", BenchmarkTarget.atMost(0.4)),
                    Map.entry("ownWork.greedy", BenchmarkTarget.atMost(0.03)),
                    Map.entry("ownWork.sampled", BenchmarkTarget.atMost(0.03)),
                    Map.entry("snapshot.p99", BenchmarkTarget.atMost(1_000)),
                    Map.entry("tuning.vision", BenchmarkTarget.atLeast(0.5)),
                    Map.entry("tuning.language", BenchmarkTarget.atLeast(0.5)),
                    Map.entry("tuning.align", BenchmarkTarget.atLeast(0.5)),
                    Map.entry("tuning.instruct", BenchmarkTarget.atLeast(0.5)));

    private static final Map<String, BenchmarkTarget> BFLOAT16 =
            Map.of(
                    "encode", BenchmarkTarget.atLeast(0.7),
                    "prefill", BenchmarkTarget.atLeast(0.8),
                    "decode.1", BenchmarkTarget.atLeast(0.8),
                    "decode.ratio16", BenchmarkTarget.atLeast(8));

    private static final Map<String, BenchmarkTarget> INT8 =
            Map.of(
                    "encode", BenchmarkTarget.atLeast(0.6),
                    "prefill", BenchmarkTarget.atLeast(0.65),
                    "decode.1", BenchmarkTarget.atLeast(0.85),
                    "decode.ratio16", BenchmarkTarget.atLeast(5));

    private BenchmarkTargets() {}

    static Optional<BenchmarkTarget> of(Precision precision, String key) {
        Map<String, BenchmarkTarget> own =
                switch (precision) {
                    case FLOAT32 -> Map.of();
                    case BFLOAT16 -> BFLOAT16;
                    case INT8 -> INT8;
                };
        return Optional.ofNullable(own.getOrDefault(key, OF_ALL.get(key)));
    }
}
