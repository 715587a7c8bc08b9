package io.sightmill.engine;

import java.time.Duration;
import java.util.Arrays;

/** What a snapshot of many sequences with long answers takes; printed, for a person to read. */
final class SnapshotBenchmark {

    private static final int SEQUENCES = 256;
    private static final int TOKENS = 200;
    private static final int ROUNDS = 5_000;

    private SnapshotBenchmark() {}

    public static void main(String[] arguments) {
        EngineFixture fixture =
                new EngineFixture(new EngineOptions(SEQUENCES, 1 << 20, 4_096, 256));
        for (int count = 0; count < SEQUENCES; count++) {
            fixture.submit(TestRequests.generate("r" + count, 620, 1_000));
        }
        while (fixture.engine.counters().generatedTokens() < (long) SEQUENCES * TOKENS) {
            fixture.steps(1);
        }
        long[] nanos = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            fixture.engine.snapshot();
            nanos[round] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "snapshot of %d sequences of %d tokens: median %s, 99th percentile %s%n",
                fixture.engine.snapshot().size(),
                TOKENS,
                Duration.ofNanos(nanos[ROUNDS / 2]),
                Duration.ofNanos(nanos[ROUNDS * 99 / 100]));
    }
}
