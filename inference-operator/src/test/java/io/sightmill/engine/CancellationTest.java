package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.continuing;
import static io.sightmill.engine.TestRequests.embed;
import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancellationTest {

    private final EngineFixture fixture = new EngineFixture(new EngineOptions(2, 1_000, 64, 16));
    private final RecordingListener listener = fixture.listener;

    @Test
    void aDecodingSequenceEndsWithWhatItHas() {
        fixture.runner.answers("a", ByteTokens.of("a cat sits"));
        fixture.submit(generate("a", 3, 50)).steps(5);

        boolean any = fixture.engine.cancel("a");

        assertThat(any).isTrue();
        assertThat(listener.result("a").text()).isEqualTo("a cat");
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(fixture.runner.released()).isEqualTo(1);
        assertThat(fixture.engine.hasWork()).isFalse();
    }

    @Test
    void aSequenceInPrefillEndsEmpty() {
        fixture.submit(generate("a", 40, 50)).steps(1);

        fixture.engine.cancel("a");

        assertThat(listener.result("a").tokenIds()).isEmpty();
        assertThat(fixture.runner.released()).isEqualTo(1);
    }

    @Test
    void aWaitingSequenceEndsWithoutBeingAdmitted() {
        fixture.submit(generate("a", 3, 9), generate("b", 3, 9), generate("c", 3, 9)).steps(1);
        fixture.clock.addAndGet(Duration.ofSeconds(1).toNanos());

        fixture.engine.cancel("c");

        assertThat(listener.result("c").finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(listener.result("c").timings().queue()).isGreaterThan(Duration.ofSeconds(1));
        fixture.runOut();
        assertThat(listener.finished().keySet()).containsExactly("c", "a", "b");
    }

    @Test
    void aSequenceThatStillReplaysKeepsAllItsTokens() {
        int[] soFar = ByteTokens.of("abcdef");
        fixture.submit(continuing(generate("a", 3, 50), soFar)).steps(2);

        fixture.engine.cancel("a");

        assertThat(listener.result("a").text()).isEqualTo("abcdef");
    }

    @Test
    void aSequenceThatReplaysAfterItGaveWayKeepsAllItsTokens() {
        EngineFixture narrow = new EngineFixture(new EngineOptions(1, 1_000, 64, 16));
        narrow.submit(generate("a", Lane.BULK, 3, 50)).steps(6);
        int tokens = narrow.listener.tokens("a").size();
        narrow.submit(generate("live", 3, 2)).steps(4);
        assertThat(narrow.engine.counters().preemptions()).isEqualTo(1);
        assertThat(narrow.engine.counters().replayedTokens()).isBetween(1L, tokens - 1L);

        narrow.engine.cancel("a");

        assertThat(narrow.listener.result("a").finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(narrow.listener.result("a").tokenIds()).hasSize(tokens);
    }

    @Test
    void allTasksOfTheRequestEndAndNoOthers() {
        SequenceRequest answer = generate("a", 3, 9);
        PreparedTask embedTask = embed("a", Lane.LIVE, 9).task();
        PreparedTask second =
                new PreparedTask(
                        "t2",
                        TaskKind.EMBED,
                        embedTask.prompt(),
                        List.of(),
                        embedTask.generation());
        fixture.submit(answer, generate("b", 3, 3));
        fixture.submit(new SequenceRequest("a", Lane.BULK, second));

        fixture.engine.cancel("a");

        assertThat(listener.finished()).containsOnlyKeys("a", "a/t2");
        assertThat(fixture.engine.counters().cancelled()).isEqualTo(2);
        assertThat(fixture.runOut().listener.result("b").tokenIds()).hasSize(3);
    }

    @Test
    void cancellingTheUnknownDoesNothing() {
        assertThat(fixture.engine.cancel("nobody")).isFalse();
    }

    @Test
    void closingTellsEverybodyOnceAndReleasesAll() {
        fixture.submit(generate("a", 3, 9), generate("b", 3, 9), generate("c", 3, 9)).steps(3);

        fixture.engine.close();
        fixture.engine.close();

        assertThat(listener.finished()).containsOnlyKeys("a", "b", "c");
        assertThat(listener.finished().values())
                .allMatch(result -> result.finishReason() == FinishReason.CANCELLED);
        assertThat(listener.result("a").tokenIds()).hasSize(3);
        assertThat(fixture.runner.released()).isEqualTo(2);
        assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
    }
}
