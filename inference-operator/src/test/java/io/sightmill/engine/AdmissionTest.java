package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.embed;
import static io.sightmill.engine.TestRequests.generate;
import static io.sightmill.engine.TestRequests.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static EngineFixture fixture(int maxSequences, int kvTokens) {
        return new EngineFixture(new EngineOptions(maxSequences, kvTokens, 64, 16));
    }

    @Test
    void aSequenceWaitsUntilItsKvMemoryIsFree() {
        EngineFixture fixture = fixture(8, 20);
        fixture.submit(generate("a", 10, 4), generate("b", 5, 4));

        fixture.steps(3);
        assertThat(fixture.runner.admissions()).containsExactly("a");
        fixture.runOut();

        assertThat(fixture.runner.admissions()).containsExactly("a", "b");
        assertThat(fixture.listener.finished()).containsOnlyKeys("a", "b");
    }

    @Test
    void aSmallSequenceDoesNotPassALargeOneInItsLane() {
        EngineFixture fixture = fixture(8, 20);

        fixture.submit(generate("a", 10, 3), generate("large", 15, 3), generate("small", 1, 2))
                .runOut();

        assertThat(fixture.runner.admissions()).containsExactly("a", "large", "small");
    }

    @Test
    void noMoreThanMaxSequencesRun() {
        EngineFixture fixture = fixture(2, 1_000);

        fixture.submit(generate("a", 3, 9), generate("b", 3, 9), generate("c", 3, 9)).steps(3);

        assertThat(fixture.engine.counters().running()).isEqualTo(2);
        assertThat(fixture.engine.counters().waiting()).isEqualTo(1);
    }

    @Test
    void liveIsAdmittedBeforeBulkThatCameEarlier() {
        EngineFixture fixture = fixture(1, 1_000);

        fixture.submit(
                        generate("bulk1", Lane.BULK, 3, 2),
                        generate("bulk2", Lane.BULK, 3, 2),
                        generate("live1", 3, 2),
                        generate("live2", 3, 2))
                .runOut();

        assertThat(fixture.runner.admissions()).containsExactly("live1", "live2", "bulk1", "bulk2");
    }

    @Test
    void bulkThatDoesNotFitHoldsEveryTenthTurnAgainstLiveThatDoes() {
        EngineFixture fixture = fixture(8, 20);
        fixture.submit(generate("bulk", Lane.BULK, 18, 3));
        fixture.submit(
                IntStream.range(0, 30)
                        .mapToObj(live -> generate("live" + live, 5, 6))
                        .toArray(SequenceRequest[]::new));

        fixture.runOut();

        assertThat(fixture.runner.admissions().indexOf("bulk")).isEqualTo(9);
    }

    @Test
    void bulkEndsUnderALiveLoadThatNeverEnds() {
        EngineFixture fixture = fixture(4, 200);
        fixture.submit(generate("bulk", Lane.BULK, 60, 10));
        int live = 0;

        while (!fixture.listener.finished().containsKey("bulk")) {
            for (int arrived = 0; arrived < 4; arrived++) {
                fixture.submit(generate("live" + live++, 30, 2));
            }
            fixture.steps(1);
            assertThat(live).as("live requests meanwhile").isLessThan(1_000);
        }
        assertThat(fixture.engine.counters().waitingLive()).isPositive();
    }

    @Test
    void anEmbeddingRunsWhenKvMemoryIsFull() {
        EngineFixture fixture = fixture(8, 13);
        fixture.submit(generate("a", 10, 4)).steps(1);

        fixture.submit(embed("e", Lane.LIVE, 576)).steps(1);

        assertThat(fixture.engine.counters().kvTokensUsed()).isEqualTo(13);
        assertThat(fixture.listener.finished()).containsOnlyKeys("e");
    }

    @Test
    void whatCanNeverFitIsRejectedAtOnceWithTheNumbers() {
        EngineFixture fixture = fixture(8, 20);

        fixture.submit(generate("a", 18, 4));

        RequestRejectedException failure = fixture.listener.failed().get("a");
        assertThat(failure.reason()).isEqualTo(Reason.PROMPT_TOO_LONG);
        assertThat(failure.stage()).isEqualTo(Stage.PREFILL);
        assertThat(failure).hasMessageContaining("18").hasMessageContaining("21");
        assertThat(failure).hasMessageContaining("20 (kvTokens)");
        assertThat(fixture.engine.hasWork()).isFalse();
        assertThat(fixture.engine.counters().failed()).isEqualTo(1);
    }

    @Test
    void whatExactlyFitsIsAnswered() {
        EngineFixture fixture = fixture(8, 20);

        fixture.submit(generate("a", 18, 3), score("b", Lane.LIVE, 18, 2)).runOut();

        assertThat(fixture.listener.finished()).containsOnlyKeys("a", "b");
    }

    @Test
    void pagesCountWhole() {
        EngineFixture fixture = fixture(8, 20);
        fixture.runner.pages(8);

        fixture.submit(generate("a", 7, 3), generate("b", 2, 1), generate("large", 16, 2));

        assertThat(fixture.listener.failed().get("large"))
                .hasMessageContaining("24 positions of KV memory; the engine has 20");
        fixture.steps(1);
        assertThat(fixture.runner.admissions()).containsExactly("a");
        assertThat(fixture.engine.counters().kvTokensUsed()).isEqualTo(16);
        fixture.runOut();
        assertThat(fixture.listener.finished()).containsOnlyKeys("a", "b");
        assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
    }

    @Test
    void anAnswerBeyondTheContextIsRejected() {
        EngineFixture fixture = fixture(8, 1_000_000);
        int context = EngineFixture.CONTEXT_TOKENS;

        fixture.submit(
                generate("fits", context - 10, 10),
                generate("long", context - 10, 11),
                score("labels", Lane.LIVE, context - 10, 11));

        assertThat(fixture.listener.failed()).containsOnlyKeys("long", "labels");
        assertThat(fixture.listener.failed().get("long"))
                .hasMessageContaining("4097 positions; the model has 4096");
    }

    @Test
    void anAnswerOfAbsurdLengthIsRejectedAndDoesNotOverflow() {
        EngineFixture fixture = fixture(8, 1_000);

        fixture.submit(generate("a", 18, Integer.MAX_VALUE));

        assertThat(fixture.listener.failed().get("a").reason()).isEqualTo(Reason.PROMPT_TOO_LONG);
        assertThat(generate("a", 18, Integer.MAX_VALUE).task().mostKvTokens())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aSequenceTheModelRefusesCostsItselfAndIsNotReleased() {
        EngineFixture fixture = fixture(8, 20);
        fixture.runner.refuses("bad");

        fixture.submit(generate("bad", 15, 3), generate("good", 15, 3)).runOut();

        assertThat(fixture.listener.failed().get("bad").reason()).isEqualTo(Reason.MODEL_FAILURE);
        assertThat(fixture.listener.finished()).containsOnlyKeys("good");
        assertThat(fixture.runner.released()).isEqualTo(1);
        assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
    }

    @Test
    void stepTokensBelowMaxSequencesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineOptions(9, 100, 8, 8))
                .withMessageContaining("stepTokens is 8")
                .withMessageContaining("maxSequences, 9");
    }

    @Test
    void orderInsideALaneHoldsFromSubmissionToFirstToken() {
        EngineFixture fixture = fixture(3, 1_000);
        List<String> names = IntStream.range(0, 20).mapToObj(count -> "r" + count).toList();
        names.forEach(name -> fixture.submit(generate(name, 20, 4)));

        fixture.runOut();

        assertThat(fixture.listener.firstTokens()).isEqualTo(names);
    }
}
