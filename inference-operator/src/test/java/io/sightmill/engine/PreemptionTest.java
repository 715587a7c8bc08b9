package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PreemptionTest {

    @Test
    void theYoungestBulkSequencesGiveWayToALiveOne() {
        EngineFixture fixture = fixture(3, 1_000);
        fixture.submit(bulk("b1", 9), bulk("b2", 9), bulk("b3", 9)).steps(2);

        fixture.submit(generate("live", 3, 4)).steps(1);

        assertThat(fixture.runner.admissions()).containsExactly("b1", "b2", "b3", "live");
        assertThat(fixture.engine.counters().preemptions()).isEqualTo(1);
        assertThat(fixture.engine.counters().waitingBulk()).isEqualTo(1);
        fixture.runOut();
        assertThat(fixture.runner.admissions()).endsWith("live", "b3");
    }

    @Test
    void whoGaveWayGoesOnAsIfNothingHadBeen() {
        EngineFixture fixture = fixture(1, 1_000);
        fixture.submit(bulk("b", 9)).steps(4);

        fixture.submit(generate("live", 3, 2)).runOut();

        SequenceResult result = fixture.listener.result("b");
        assertThat(result.tokenIds()).isEqualTo(alone("b", 9));
        assertThat(fixture.listener.tokens("b")).hasSize(9);
        assertThat(result.request().tokensSoFar()).isEmpty();
        assertThat(fixture.engine.counters().replayedTokens()).isEqualTo(4);
        assertThat(fixture.runner.released()).isEqualTo(3);
    }

    @Test
    void knownTokensArePrefilledWhereThatIsAskedFor() {
        EngineFixture fixture =
                new EngineFixture(new EngineOptions(1, 1_000, 64, 16).prefillingKnownTokens());
        fixture.submit(bulk("b", 9)).steps(4);
        fixture.submit(generate("live", 3, 2)).runOut();

        assertThat(fixture.listener.result("b").tokenIds()).isEqualTo(alone("b", 9));
        assertThat(fixture.listener.tokens("b")).hasSize(9);
        assertThat(fixture.engine.counters().replayedTokens()).isEqualTo(4);
        assertThat(fixture.runner.steps().stream().flatMap(java.util.List::stream))
                .contains("prefill b[0,7)");
    }

    @Test
    void whoGaveWayGoesBeforeThoseThatCameLater() {
        EngineFixture fixture = fixture(2, 1_000);
        fixture.submit(bulk("b1", 5), bulk("b2", 5), bulk("b3", 5), bulk("b4", 5)).steps(1);

        fixture.submit(generate("live1", 3, 2), generate("live2", 3, 2)).runOut();

        assertThat(fixture.runner.admissions())
                .containsExactly("b1", "b2", "live1", "live2", "b1", "b2", "b3", "b4");
    }

    @Test
    void asManyGiveWayAsKvMemoryNeedsAndNoMore() {
        EngineFixture fixture = fixture(8, 44);
        fixture.submit(bulk("b1", 9), bulk("b2", 9), bulk("b3", 9), bulk("b4", 9)).steps(1);

        fixture.submit(generate("live", 17, 6)).steps(1);

        assertThat(fixture.engine.counters().preemptions()).isEqualTo(2);
        assertThat(fixture.engine.counters().kvTokensUsed()).isEqualTo(22 + 22);
    }

    @Test
    void nobodyGivesWayInVain() {
        EngineFixture fixture = fixture(8, 44);
        fixture.submit(generate("live1", 20, 14), bulk("b1", 9)).steps(1);

        fixture.submit(generate("live2", 30, 6)).steps(1);

        assertThat(fixture.engine.counters().preemptions()).isZero();
        assertThat(fixture.engine.counters().running()).isEqualTo(2);
    }

    @Test
    void oneThatWasPreemptedWhileItReplayedHasAllItsTokens() {
        EngineFixture fixture = fixture(1, 1_000);
        SequenceRequest restored = bulk("b", 12).withTokensSoFar(letters("b", 8));
        fixture.submit(restored).steps(3);

        fixture.submit(generate("live", 3, 2)).steps(1);
        fixture.engine.cancel("b");

        assertThat(fixture.listener.result("b").tokenIds()).isEqualTo(letters("b", 8));
    }

    @Test
    void timeAddsUpOverTheTimesItRan() {
        EngineFixture fixture = fixture(1, 1_000);
        fixture.submit(bulk("b", 3)).steps(2);

        fixture.submit(generate("live", 3, 1)).runOut();

        SequenceTimings timings = fixture.listener.result("b").timings();
        assertThat(timings.queue()).isEqualTo(Duration.ofMillis(15));
        assertThat(timings.prefill()).isEqualTo(Duration.ofMillis(10));
        assertThat(timings.decode()).isEqualTo(Duration.ofMillis(15 + 30));
    }

    @Test
    void aLiveLoadThatNeverEndsDoesNotDriveBulkOutForEver() {
        EngineFixture fixture = fixture(4, 200);
        fixture.submit(
                IntStream.range(0, 6)
                        .mapToObj(count -> bulk("b" + count, 40))
                        .toArray(SequenceRequest[]::new));
        int live = 0;

        while (fixture.listener.finished().keySet().stream().noneMatch("b5"::equals)) {
            fixture.submit(generate("live" + live++, 30, 2)).steps(1);
            assertThat(live).as("live requests meanwhile").isLessThan(3_000);
        }

        assertThat(fixture.listener.finished().keySet().stream().filter(id -> id.startsWith("b")))
                .containsExactly("b0", "b1", "b2", "b3", "b4", "b5");
    }

    @Test
    void rareLiveRequestsThatComeAtTheWorstTimeDoNotStopBulk() {
        // Each comes when the bulk answer is about to be whole, and would throw it back.
        EngineFixture fixture = fixture(1, 200);
        fixture.submit(bulk("b", 20));

        for (int live = 0; fixture.engine.hasWork(); live++) {
            fixture.submit(generate("live" + live, 3, 1)).steps(19);
            if (fixture.listener.finished().containsKey("b")) {
                break;
            }
            assertThat(live).isLessThan(20);
        }

        assertThat(fixture.listener.result("b").tokenIds()).isEqualTo(alone("b", 20));
        assertThat(fixture.engine.counters().preemptions()).isLessThanOrEqualTo(10);
    }

    @Test
    void liveFindsAllButTheKeptShareFreeWhateverTheBulkBacklog() {
        EngineOptions options = new EngineOptions(10, 1_000, 64, 16, 0.2, 0);
        EngineFixture fixture = new EngineFixture(options);
        fixture.submit(
                IntStream.range(0, 30)
                        .mapToObj(count -> bulk("b" + count, 90))
                        .toArray(SequenceRequest[]::new));
        fixture.steps(3);

        for (int live = 0; live < 40; live++) {
            fixture.submit(generate("live" + live, 3, 5)).steps(1);
            assertThat(fixture.engine.counters().waitingLive()).isZero();
        }
        assertThat(fixture.engine.counters().preemptions()).isPositive();
    }

    @Test
    void wherePlacesBecomeFreeByThemselvesNobodyGivesWay() {
        EngineFixture fixture = fixture(8, 1_000);
        fixture.submit(
                IntStream.range(0, 400)
                        .mapToObj(count -> bulk("b" + count, 1 + count % 5))
                        .toArray(SequenceRequest[]::new));
        fixture.steps(10);

        for (int live = 0; live < 20; live++) {
            fixture.submit(generate("live" + live, 3, 2)).steps(2);
            assertThat(fixture.engine.counters().waitingLive()).isZero();
            fixture.steps(2);
        }

        assertThat(fixture.engine.counters().preemptions()).isZero();
        assertThat(fixture.engine.counters().waitingBulk()).isPositive();
    }

    @Test
    void liveWaitsInVainForOneStepAtMost() {
        EngineFixture fixture = fixture(2, 1_000);
        fixture.submit(
                IntStream.range(0, 20)
                        .mapToObj(count -> bulk("short" + count, 1))
                        .toArray(SequenceRequest[]::new));
        fixture.submit(bulk("long1", 90), bulk("long2", 90));
        while (fixture.engine.counters().waitingBulk() > 0) {
            fixture.steps(1);
        }

        fixture.submit(generate("live1", 3, 2), generate("live2", 3, 2)).steps(1);
        assertThat(fixture.engine.counters().waitingLive()).isEqualTo(2);
        fixture.steps(1);

        assertThat(fixture.engine.counters().runningLive()).isPositive();
        assertThat(fixture.engine.counters().preemptions()).isPositive();
    }

    @Test
    void whoseDeadlinePassesAfterItGaveWayEndsWithItsTokens() {
        EngineFixture fixture = fixture(1, 1_000);
        fixture.submit(bulk("b", 50).withDeadline(fixture.now().plusMillis(60))).steps(3);

        fixture.submit(generate("live", 3, 9)).runOut();

        assertThat(fixture.listener.result("b").finishReason()).isEqualTo(FinishReason.LATE);
        assertThat(fixture.listener.result("b").tokenIds()).isEqualTo(letters("b", 3));
    }

    private static EngineFixture fixture(int maxSequences, int kvTokens) {
        return new EngineFixture(new EngineOptions(maxSequences, kvTokens, 64, 16));
    }

    private static SequenceRequest bulk(String requestId, int maxNewTokens) {
        return generate(requestId, Lane.BULK, 3, maxNewTokens);
    }

    private static int[] alone(String requestId, int tokens) {
        EngineFixture fresh = new EngineFixture();
        fresh.submit(bulk(requestId, tokens)).runOut();
        return fresh.listener.result(requestId).tokenIds();
    }

    private static int[] letters(String requestId, int tokens) {
        return IntStream.range(0, tokens)
                .map(index -> ScriptedModelRunner.letter(requestId, index))
                .toArray();
    }
}
