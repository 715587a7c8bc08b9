package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.embed;
import static io.sightmill.engine.TestRequests.generate;
import static io.sightmill.engine.TestRequests.score;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that does not return for one sequence: that one is found, and nobody else notices. */
class HangTest {

    private final EngineFixture fixture = new EngineFixture();
    private final RecordingListener listener = fixture.listener;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void theSequenceThatHangsIsFoundAndTheOthersGetWhatTheyGetAlone(int tokens) {
        fixture.runner.hangsFor("r3", tokens);
        IntStream.range(0, 7).forEach(count -> fixture.submit(generate("r" + count, 20, 9)));

        fixture.runOut();

        assertThat(listener.failed()).containsOnlyKeys("r3");
        assertThat(listener.failed().get("r3").reason()).isEqualTo(Reason.MODEL_FAILURE);
        assertThat(listener.failed().get("r3"))
                .hasMessageContaining("has not returned from 'run' in PT1S");
        assertThat(fixture.runner.hangs()).as("once among others, once alone").isEqualTo(2);
        for (String other : List.of("r0", "r1", "r2", "r4", "r5", "r6")) {
            assertThat(listener.result(other).tokenIds()).isEqualTo(alone(other));
            assertThat(listener.tokens(other)).as("no token is told twice").hasSize(9);
        }
    }

    @Test
    void theStageOfTheCallThatHungIsTold() {
        fixture.runner.hangsFor("embed", 0);
        fixture.runner.hangsFor("score", 0);
        fixture.runner.hangsFor("generate", 2);
        fixture.submit(
                embed("embed", Lane.LIVE, 9),
                score("score", Lane.LIVE, 9, 2),
                generate("generate", 9, 9),
                generate("good", 9, 9));

        fixture.runOut();

        assertThat(listener.failed().get("embed").stage()).isEqualTo(Stage.ENCODE);
        assertThat(listener.failed().get("score").stage()).isEqualTo(Stage.PREFILL);
        assertThat(listener.failed().get("generate").stage()).isEqualTo(Stage.DECODE);
        assertThat(listener.result("good").tokenIds()).isEqualTo(alone("good"));
    }

    @Test
    void suspectsRunBesideOthersUpToWhereTheyStood() {
        fixture.submit(generate("a", 3, 9), generate("b", 3, 9)).steps(4);
        fixture.runner.hangsOnce();
        fixture.engine.step();
        fixture.runner.steps().clear();

        fixture.runOut();

        assertThat(fixture.runner.steps())
                .startsWith(
                        List.of("prefill a[0,3)", "prefill b[0,3)"),
                        List.of("decode a@3", "decode b@3"),
                        List.of("decode a@4", "decode b@4"),
                        List.of("decode a@5", "decode b@5"),
                        List.of("decode a@6"),
                        List.of("decode b@6"),
                        List.of("decode a@7", "decode b@7"));
        assertThat(listener.failed()).isEmpty();
        assertThat(listener.result("a").tokenIds()).isEqualTo(alone("a"));
        assertThat(listener.tokens("b")).hasSize(9);
    }

    @Test
    void aSequenceThatHangsAloneIsFoundAtOnce() {
        fixture.runner.hangsFor("bad", 0);

        fixture.submit(generate("bad", 3, 9)).runOut();

        assertThat(listener.failed()).containsOnlyKeys("bad");
        assertThat(fixture.runner.hangs()).isEqualTo(1);
    }

    @Test
    void whoComesMeanwhileIsNoSuspect() {
        fixture.runner.hangsFor("bad", 2);
        fixture.submit(generate("a", 3, 9), generate("bad", 3, 9)).steps(4);

        fixture.submit(generate("late", 3, 9)).runOut();

        assertThat(listener.failed()).containsOnlyKeys("bad");
        assertThat(fixture.runner.hangs()).isEqualTo(2);
        assertThat(listener.result("late").tokenIds()).isEqualTo(alone("late"));
    }

    @Test
    void aSuspectMayBeCancelled() {
        fixture.submit(generate("a", 3, 9), generate("b", 3, 9)).steps(4);
        fixture.runner.hangsOnce();
        fixture.engine.step();

        assertThat(fixture.engine.cancel("a")).isTrue();
        fixture.runOut();

        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(listener.result("a").tokenIds()).hasSize(4);
        assertThat(listener.result("b").tokenIds()).isEqualTo(alone("b"));
    }

    private static int[] alone(String requestId) {
        EngineFixture fresh = new EngineFixture();
        return fresh.submit(generate(requestId, 20, 9))
                .runOut()
                .listener
                .result(requestId)
                .tokenIds();
    }
}
