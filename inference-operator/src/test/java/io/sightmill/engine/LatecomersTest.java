package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What live sequences do while a step runs that was not planned for it. */
class LatecomersTest {

    private final EngineFixture fixture = new EngineFixture();

    @Test
    void aLiveOneRunsBeforeWhatIsLeftOfTheStep() {
        fixture.submit(generate("a", Lane.BULK, 3, 9)).steps(1);
        fixture.submit(generate("b", Lane.BULK, 2, 9), generate("c", Lane.BULK, 2, 9));
        long steps = fixture.engine.counters().steps();

        step(generate("d", 5, 9));

        assertThat(newest(4))
                .containsExactly(
                        List.of("prefill b[0,2)"),
                        List.of("prefill d[0,5)"),
                        List.of("prefill c[0,2)"),
                        List.of("decode a@3"));
        assertThat(fixture.engine.counters().steps()).isEqualTo(steps + 1);
        assertThat(fixture.listener.tokens("d")).hasSize(1);
        fixture.runOut();
        assertThat(fixture.listener.finished()).containsOnlyKeys("a", "b", "c", "d");
    }

    @Test
    void aLiveOneDoesNotWaitBetweenItsChunks() {
        fixture.submit(generate("a", Lane.BULK, 3, 9)).steps(1);
        fixture.submit(generate("b", Lane.BULK, 2, 9), generate("d", 40, 9));

        step();

        assertThat(newest(5))
                .containsExactly(
                        List.of("prefill d[0,16)"),
                        List.of("prefill d[16,32)"),
                        List.of("prefill d[32,40)"),
                        List.of("prefill b[0,2)"),
                        List.of("decode a@3"));
    }

    @Test
    void liveOnesKeepTheirOrder() {
        fixture.submit(generate("a", Lane.BULK, 3, 9)).steps(1);
        fixture.submit(generate("b", Lane.BULK, 2, 9));

        step(generate("d", 5, 9), generate("e", 4, 9));

        assertThat(fixture.listener.firstTokens()).containsExactly("a", "b", "d", "e");
    }

    @Test
    void aBulkOneWaitsForTheNextStep() {
        fixture.submit(generate("a", Lane.BULK, 3, 9)).steps(1);
        fixture.submit(generate("b", Lane.BULK, 2, 9));

        step(generate("d", Lane.BULK, 5, 9));

        assertThat(newest(2)).containsExactly(List.of("prefill b[0,2)"), List.of("decode a@3"));
        assertThat(fixture.engine.counters().waitingBulk()).isEqualTo(1);
    }

    @Test
    void aLiveOneThatTheStepHasNoTokensLeftForWaits() {
        EngineFixture narrow = new EngineFixture(new EngineOptions(8, 1_000, 20, 16));
        narrow.submit(generate("b", Lane.BULK, 9, 9), generate("c", Lane.BULK, 9, 9));

        narrow.engine.step(arriving(narrow, generate("d", 5, 9)));

        assertThat(narrow.runner.steps())
                .containsExactly(List.of("prefill b[0,9)"), List.of("prefill c[0,9)"));
        assertThat(narrow.engine.counters().runningLive()).isEqualTo(1);
        narrow.engine.step();
        assertThat(narrow.listener.tokens("d")).hasSize(1);
    }

    @Test
    void nobodyGivesWayInTheMidstOfAStep() {
        EngineFixture full = new EngineFixture(new EngineOptions(2, 1_000, 64, 16));
        full.submit(generate("a", Lane.BULK, 3, 9), generate("b", Lane.BULK, 3, 9));

        full.engine.step(arriving(full, generate("d", 5, 9)));

        assertThat(full.engine.counters().preemptions()).isZero();
        assertThat(full.engine.counters().waitingLive()).isEqualTo(1);
        full.runOut();
        assertThat(full.listener.finished()).containsOnlyKeys("a", "b", "d");
    }

    @Test
    void whoWaitedForTheRestOfAStepHasWaitedForAPlace() {
        EngineFixture full = new EngineFixture(new EngineOptions(2, 1_000, 64, 16));
        IntStream.range(0, 21).forEach(i -> full.submit(generate("short" + i, Lane.BULK, 3, 1)));
        full.submit(generate("long1", Lane.BULK, 3, 90), generate("long2", Lane.BULK, 3, 90));
        while (full.engine.counters().waitingBulk() > 1) {
            full.steps(1);
        }

        full.engine.step(arriving(full, generate("d", 5, 9)));
        assertThat(full.engine.counters().waitingLive()).isEqualTo(1);
        full.steps(1);

        assertThat(full.engine.counters().preemptions()).isEqualTo(1);
        assertThat(full.listener.tokens("d")).hasSize(1);
    }

    @Test
    void bulkThatWaitsForItsPromptIsOwedATurn() {
        EngineFixture half = new EngineFixture(new EngineOptions(8, 1_000, 64, 4, 0.5, 0));
        half.submit(generate("b", Lane.BULK, 40, 9), generate("c", Lane.BULK, 40, 9));
        half.submit(generate("d", 40, 9)).engine.step();
        int before = half.runner.steps().size();

        half.engine.step(
                arriving(
                        half,
                        IntStream.range(0, 4)
                                .mapToObj(i -> generate("e" + i, 2, 9))
                                .toArray(SequenceRequest[]::new)));

        long late =
                half.runner.steps().subList(before, half.runner.steps().size()).stream()
                        .filter(step -> step.get(0).startsWith("prefill e"))
                        .count();
        assertThat(late).as("live that went before bulk had its turn").isLessThan(4);
        half.runOut();
    }

    @Test
    void aCancelledOneIsNotRunByTheRestOfTheStep() {
        fixture.submit(generate("b", Lane.BULK, 2, 9), generate("c", Lane.BULK, 2, 9));

        fixture.engine.step(() -> fixture.engine.cancel("c"));

        assertThat(fixture.runner.steps()).containsExactly(List.of("prefill b[0,2)"));
        assertThat(fixture.listener.result("c").finishReason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void theQueueCountsFromWhenASequenceWasHandedOver() {
        fixture.clock.addAndGet(Duration.ofMillis(40).toNanos());
        fixture.engine.submit(generate("a", 3, 2), Duration.ofMillis(10).toNanos());

        fixture.runOut();

        assertThat(fixture.listener.result("a").timings().queue()).isEqualTo(Duration.ofMillis(30));
    }

    /** A step in which these come, one after each part. */
    private void step(SequenceRequest... arrivals) {
        fixture.engine.step(arriving(fixture, arrivals));
    }

    private static Runnable arriving(EngineFixture engine, SequenceRequest... arrivals) {
        Deque<SequenceRequest> left = new ArrayDeque<>(List.of(arrivals));
        return () -> {
            if (!left.isEmpty()) {
                engine.submit(left.removeFirst());
            }
        };
    }

    private List<List<String>> newest(int count) {
        List<List<String>> steps = fixture.runner.steps();
        return steps.subList(steps.size() - count, steps.size());
    }
}
