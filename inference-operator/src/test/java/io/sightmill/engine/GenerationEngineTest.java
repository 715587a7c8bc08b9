package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.embed;
import static io.sightmill.engine.TestRequests.generate;
import static io.sightmill.engine.TestRequests.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationEngineTest {

    private final EngineFixture fixture = new EngineFixture();
    private final RecordingListener listener = fixture.listener;

    @Test
    void anEndTokenEndsTheAnswerAndIsNoPartOfIt() {
        fixture.runner.answers("a", ByteTokens.ending("a cat"));

        fixture.submit(generate("a", 3, 50)).runOut();

        SequenceResult result = listener.result("a");
        assertThat(result.text()).isEqualTo("a cat");
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(result.tokenIds()).isEqualTo(ByteTokens.of("a cat"));
        assertThat(listener.tokens("a")).doesNotContain(ByteTokens.END).hasSize(5);
    }

    @Test
    void anAnswerOfNothingButTheEndTokenIsEmpty() {
        fixture.runner.answers("a", ByteTokens.END);

        fixture.submit(generate("a", 3, 50)).runOut();

        assertThat(listener.result("a").text()).isEmpty();
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void anAnswerThatReachesItsLengthIsCut() {
        fixture.runner.answers("a", ByteTokens.ending("a cat"));

        fixture.submit(generate("a", 3, 4)).runOut();

        assertThat(listener.result("a").text()).isEqualTo("a ca");
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void anAnswerOfOneTokenNeverDecodes() {
        fixture.submit(generate("a", 3, 1)).runOut();

        assertThat(fixture.runner.steps()).containsExactly(List.of("prefill a[0,3)"));
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aStopStringEndsTheAnswerBeforeIt() {
        fixture.runner.answers("a", ByteTokens.of("née€\n\nmore"));

        fixture.submit(generate("a", 50, List.of("\n\n"))).runOut();

        SequenceResult result = listener.result("a");
        assertThat(result.text()).isEqualTo("née€");
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(result.tokenIds()).isEqualTo(ByteTokens.of("née€\n\n"));
    }

    @Test
    void aStopStringThatTheLastTokenCompletesIsAStop() {
        fixture.runner.answers("a", ByteTokens.of("abSTOP"));

        fixture.submit(generate("a", 6, List.of("STOP"))).runOut();

        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(listener.result("a").text()).isEqualTo("ab");
    }

    @Test
    void newSequencesJoinWhileOthersDecode() {
        fixture.submit(generate("a", 3, 4)).steps(2);

        fixture.submit(generate("b", 2, 3)).runOut();

        assertThat(fixture.runner.steps())
                .containsExactly(
                        List.of("prefill a[0,3)"),
                        List.of("decode a@3"),
                        List.of("prefill b[0,2)"),
                        List.of("decode a@4"),
                        List.of("decode a@5", "decode b@2"),
                        List.of("decode b@3"));
    }

    @Test
    void aLongPromptIsPrefilledInChunksBesideDecoding() {
        fixture.submit(generate("a", 3, 9)).steps(1);

        fixture.submit(generate("b", 40, 2)).runOut();

        assertThat(fixture.runner.steps())
                .contains(
                        List.of("prefill b[0,16)", "decode a@3"),
                        List.of("prefill b[16,32)", "decode a@4"),
                        List.of("prefill b[32,40)"),
                        List.of("decode a@5"),
                        List.of("decode a@6", "decode b@40"));
    }

    @Test
    void aFirstTokenOfBulkWaitsForTheWholeStep() {
        fixture.submit(generate("a", 3, 4)).steps(2);

        fixture.submit(generate("b", Lane.BULK, 2, 3)).steps(1);

        assertThat(fixture.runner.steps()).contains(List.of("prefill b[0,2)", "decode a@4"));
    }

    @Test
    void aFirstTokenIsHeardBeforeTheOthersDecodeAndMayEndThem() {
        fixture.submit(generate("a", 3, 9), generate("c", 3, 9)).steps(3);
        long steps = fixture.engine.counters().steps();
        listener.afterToken(
                id -> {
                    if (id.requestId().equals("b") && listener.tokens("b").size() == 1) {
                        assertThat(listener.tokens("c")).hasSize(3);
                        fixture.engine.cancel("a");
                    }
                });

        fixture.submit(generate("b", 2, 3)).steps(1);

        assertThat(fixture.engine.counters().steps()).isEqualTo(steps + 1);
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(listener.tokens("a")).hasSize(3);
        assertThat(listener.tokens("c")).hasSize(4);
        fixture.runOut();
        assertThat(listener.finished()).containsOnlyKeys("a", "b", "c");
    }

    @Test
    void aScoreNeedsItsPrefillAlone() {
        fixture.submit(score("a", Lane.LIVE, 20, 4)).runOut();

        assertThat(fixture.runner.steps())
                .containsExactly(List.of("prefill a[0,16)"), List.of("prefill a[16,20)"));
        SequenceResult result = listener.result("a");
        assertThat(result.finishReason()).isEqualTo(FinishReason.LABEL);
        assertThat(result.labelProbabilities()).containsExactly(0.25, 0.25, 0.25, 0.25);
        assertThat(result.text()).isEmpty();
    }

    @Test
    void anEmbeddingTakesNoKvMemory() {
        fixture.submit(embed("a", Lane.LIVE, 576)).runOut();

        SequenceResult result = listener.result("a");
        assertThat(result.finishReason()).isNull();
        assertThat(result.vectors()).hasSize(1);
        assertThat(fixture.runner.released()).isEqualTo(1);
        assertThat(result.request().task().mostKvTokens()).isZero();
    }

    @Test
    void timingsTellWhereTheTimeWent() {
        GenerationOptions threeTokens = GenerationOptions.greedy(3);
        SequenceRequest request =
                generate("a", Lane.LIVE, TestRequests.prompt(4, 8, 20), threeTokens);
        fixture.submit(request);
        fixture.clock.addAndGet(Duration.ofMillis(40).toNanos());

        fixture.runOut();

        Duration step =
                ScriptedModelRunner.ENCODE
                        .plus(ScriptedModelRunner.PREFILL)
                        .plus(ScriptedModelRunner.DECODE);
        SequenceTimings timings = listener.result("a").timings();
        assertThat(timings.queue()).isEqualTo(Duration.ofMillis(40));
        assertThat(timings.encode()).isEqualTo(ScriptedModelRunner.ENCODE);
        assertThat(timings.prefill()).isEqualTo(ScriptedModelRunner.PREFILL.multipliedBy(3));
        assertThat(timings.decode()).isEqualTo(step.multipliedBy(2));
    }

    @Test
    void countersTellWhatIsInFlightAndWhatWasDone() {
        fixture.submit(generate("a", 3, 4), generate("b", Lane.BULK, 5, 2));

        assertThat(fixture.engine.counters().waiting()).isEqualTo(2);
        assertThat(fixture.engine.counters().waitingBulk()).isEqualTo(1);
        fixture.steps(1);
        EngineCounters running = fixture.engine.counters();
        fixture.runOut();
        EngineCounters done = fixture.engine.counters();

        assertThat(running.running()).isEqualTo(2);
        assertThat(running.waiting()).isZero();
        assertThat(running.kvTokensUsed()).isEqualTo(6 + 6);
        assertThat(done)
                .isEqualTo(
                        new EngineCounters(
                                0,
                                0,
                                0,
                                0,
                                0,
                                4,
                                8,
                                0,
                                0,
                                6,
                                0,
                                2,
                                0,
                                0,
                                0,
                                0,
                                ImageCounters.NONE));
    }

    @Test
    void aSequenceThatIsThereAlreadyIsRefusedAndTheFirstIsNotTouched() {
        fixture.submit(generate("a", 3, 4)).steps(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.submit(generate("a", 3, 4)))
                .withMessageContaining("already");
        fixture.runOut();

        assertThat(listener.result("a").tokenIds()).hasSize(4);
    }

    @Test
    void theSameSequenceMayComeAgainOnceItHasEnded() {
        EngineFixture other = new EngineFixture();
        int[] first = other.submit(generate("a", 3, 4)).runOut().listener.result("a").tokenIds();
        other.listener.finished().clear();

        int[] second = other.submit(generate("a", 3, 4)).runOut().listener.result("a").tokenIds();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void theListenerMaySubmitAndCancel() {
        listener.afterToken(
                id -> {
                    if (id.requestId().equals("a") && listener.tokens("a").size() == 2) {
                        fixture.engine.cancel("a");
                        fixture.submit(generate("b", 3, 2));
                    }
                });

        fixture.submit(generate("a", 3, 50)).runOut();

        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(listener.result("a").tokenIds()).hasSize(2);
        assertThat(listener.result("b").tokenIds()).hasSize(2);
    }

    @Test
    void theListenerHearsOfAStepOnceItIsSettled() {
        listener.afterToken(
                id -> {
                    if (listener.tokens("a").size() == 2) {
                        fixture.engine.cancel("a");
                    }
                });

        fixture.submit(generate("a", 3, 2)).runOut();

        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aListenerThatThrowsLeavesNoSequenceHalfSettled() {
        listener.afterToken(
                id -> {
                    listener.afterToken(any -> {});
                    throw new IllegalArgumentException("deaf");
                });
        fixture.submit(generate("a", 3, 3), generate("b", 3, 3));

        assertThatIllegalArgumentException().isThrownBy(fixture.engine::step).withMessage("deaf");
        fixture.runOut();

        assertThat(listener.tokens("a")).hasSize(3);
        assertThat(listener.tokens("b")).hasSize(3);
        assertThat(listener.finished()).containsOnlyKeys("a", "b");
    }

    @Test
    void aStepWithoutWorkDoesNotRunTheModel() {
        assertThat(fixture.engine.step()).isFalse();
        assertThat(fixture.runner.steps()).isEmpty();
    }

    @Test
    void aClosedEngineTakesNothing() {
        fixture.engine.close();

        assertThatIllegalStateException().isThrownBy(() -> fixture.submit(generate("a", 3, 4)));
        assertThatIllegalStateException().isThrownBy(fixture.engine::step);
    }
}
