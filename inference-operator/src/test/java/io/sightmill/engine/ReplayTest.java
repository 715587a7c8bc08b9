package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.continuing;
import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private final EngineFixture fixture = new EngineFixture();
    private final RecordingListener listener = fixture.listener;

    @Test
    void fromEveryPointTheAnswerGoesOnAsIfUndisturbed() {
        SequenceRequest request = generate("a", 12, List.of("€"));
        int[] script = ByteTokens.of("a dog€ and more");
        SequenceResult undisturbed = answer(request, script);

        for (int known = 0; known <= undisturbed.tokenIds().length; known++) {
            int[] soFar = Arrays.copyOf(undisturbed.tokenIds(), known);
            SequenceResult replayed = answer(continuing(request, soFar), script);

            assertThat(replayed.tokenIds()).isEqualTo(undisturbed.tokenIds());
            assertThat(replayed.text()).isEqualTo("a dog");
            assertThat(replayed.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void replayedTokensAreFedToTheModelEvenIfItWouldNowGiveOthers() {
        // The scripted runner insists on being fed the tokens so far.
        fixture.runner.answers("a", ByteTokens.ending("XXX!"));

        fixture.submit(continuing(generate("a", 3, 9), ByteTokens.of("abc"))).runOut();

        assertThat(listener.result("a").text()).isEqualTo("abc!");
        assertThat(fixture.runner.steps())
                .containsExactly(
                        List.of("prefill a[0,3)"),
                        List.of("decode a@3"),
                        List.of("decode a@4"),
                        List.of("decode a@5"),
                        List.of("decode a@6"));
    }

    @Test
    void replayedTokensAreNotReportedAgainButCount() {
        fixture.runner.answers("a", ByteTokens.of("abcdef"));

        fixture.submit(continuing(generate("a", 3, 5), ByteTokens.of("abc"))).runOut();

        assertThat(listener.tokens("a")).containsExactly((int) 'd', (int) 'e');
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(fixture.engine.counters().replayedTokens()).isEqualTo(3);
        assertThat(fixture.engine.counters().generatedTokens()).isEqualTo(2);
    }

    @Test
    void anAnswerThatHadReachedItsLengthEndsWithoutTheModel() {
        fixture.submit(continuing(generate("a", 3, 3), ByteTokens.of("abc")));

        assertThat(listener.result("a").text()).isEqualTo("abc");
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(fixture.engine.hasWork()).isFalse();
        assertThat(fixture.runner.admissions()).isEmpty();
    }

    @Test
    void anAnswerThatHadMetItsStopStringEndsWithoutTheModel() {
        SequenceRequest request = generate("a", 50, List.of("STOP"));

        fixture.submit(continuing(request, ByteTokens.of("abSTOP")));

        assertThat(listener.result("a").text()).isEqualTo("ab");
        assertThat(listener.result("a").finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(fixture.runner.admissions()).isEmpty();
    }

    @Test
    void aStopStringThatStraddlesTheRestoreIsFound() {
        fixture.runner.answers("a", ByteTokens.of("abSTOPcd"));
        SequenceRequest request = generate("a", 50, List.of("STOP"));

        fixture.submit(continuing(request, ByteTokens.of("abST"))).runOut();

        assertThat(listener.result("a").text()).isEqualTo("ab");
    }

    @Test
    void tokensBeyondTheEndAreDropped() {
        fixture.submit(continuing(generate("a", 3, 2), ByteTokens.of("abc")));

        assertThat(listener.result("a").tokenIds()).isEqualTo(ByteTokens.of("ab"));
    }

    @Test
    void manyReplaysShareStepsWithNewSequences() {
        IntStream.range(0, 5)
                .mapToObj(count -> generate("r" + count, 3, 20))
                .map(request -> continuing(request, scripted(request.requestId(), 7)))
                .forEach(fixture::submit);
        fixture.submit(generate("new", 3, 20)).runOut();

        assertThat(listener.finished()).hasSize(6);
        listener.finished()
                .forEach(
                        (requestId, result) ->
                                assertThat(result.tokenIds()).isEqualTo(scripted(requestId, 20)));
    }

    private static int[] scripted(String requestId, int tokens) {
        return IntStream.range(0, tokens)
                .map(index -> ScriptedModelRunner.letter(requestId, index))
                .toArray();
    }

    private static SequenceResult answer(SequenceRequest request, int[] script) {
        EngineFixture fresh = new EngineFixture();
        fresh.runner.answers("a", script);
        return fresh.submit(request).runOut().listener.result("a");
    }
}
