package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    /** What one step of the scripted runner takes. */
    private static final Duration STEP = Duration.ofMillis(15);

    private final EngineFixture fixture = new EngineFixture(new EngineOptions(2, 1_000, 64, 16));
    private final RecordingListener listener = fixture.listener;

    @Test
    void endsInMidGenerationWithTheTokensItHas() {
        fixture.submit(within(generate("a", 3, 50), STEP.multipliedBy(4))).runOut();

        SequenceResult result = listener.result("a");
        assertThat(result.finishReason()).isEqualTo(FinishReason.LATE);
        assertThat(result.tokenIds()).hasSize(4);
        assertThat(result.text()).hasSize(4);
        assertThat(listener.tokens("a")).hasSize(4);
        assertThat(fixture.runner.released()).isEqualTo(1);
    }

    @Test
    void oneThatIsLateAlreadyCostsNoStep() {
        fixture.submit(within(generate("a", 3, 50), Duration.ZERO)).runOut();

        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.LATE);
        assertThat(listener.result("a").tokenIds()).isEmpty();
        assertThat(fixture.runner.steps()).isEmpty();
        assertThat(fixture.runner.admissions()).isEmpty();
    }

    @Test
    void oneThatWaitsEndsWithTheTokensItBrought() {
        SequenceRequest waiting = generate("late", 3, 50).withTokensSoFar(ByteTokens.of("abc"));
        fixture.submit(generate("a", 3, 50), generate("b", 3, 50));
        fixture.submit(within(waiting, STEP)).runOut();

        assertThat(listener.result("late").finishReason()).isEqualTo(FinishReason.LATE);
        assertThat(listener.result("late").text()).isEqualTo("abc");
        assertThat(listener.result("late").timings().queue()).isEqualTo(STEP);
        assertThat(fixture.runner.admissions()).containsExactly("a", "b");
    }

    @Test
    void oneThatReplaysEndsWithEveryTokenItHad() {
        SequenceRequest restored = generate("a", 3, 50).withTokensSoFar(ByteTokens.of("abcdef"));

        fixture.submit(within(restored, STEP.multipliedBy(2))).runOut();

        assertThat(listener.result("a").text()).isEqualTo("abcdef");
    }

    @Test
    void labelsAndVectorsThatComeTooLateAreNotGiven() {
        fixture.submit(
                        within(TestRequests.score("s", Lane.LIVE, 40, 3), STEP),
                        within(TestRequests.embed("e", Lane.LIVE, 4), Duration.ZERO))
                .runOut();

        for (String request : List.of("s", "e")) {
            assertThat(listener.result(request).finishReason()).isEqualTo(FinishReason.LATE);
            assertThat(listener.result(request).labelProbabilities()).isEmpty();
            assertThat(listener.result(request).vectors()).isEmpty();
        }
    }

    @Test
    void leavesTheOthersAloneAndIsCounted() {
        fixture.submit(within(generate("a", 3, 50), STEP), generate("b", 3, 5)).runOut();

        assertThat(listener.result("b").finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(fixture.engine.counters().late()).isEqualTo(1);
        assertThat(fixture.engine.counters().finished()).isEqualTo(1);
        assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
    }

    private SequenceRequest within(SequenceRequest request, Duration time) {
        return request.withDeadline(fixture.now().plus(time));
    }
}
