package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnapshotTest {

    @Test
    void holdsWhatRunsWhatWaitsAndWhatGaveWayInOrder() {
        EngineFixture fixture = new EngineFixture(new EngineOptions(2, 1_000, 64, 16));
        fixture.submit(bulk("b1", 9), bulk("b2", 9), bulk("b3", 9)).steps(2);
        fixture.submit(TestRequests.generate("live", 3, 9)).steps(1);

        List<SequenceRequest> snapshot = fixture.engine.snapshot();

        assertThat(snapshot)
                .extracting(SequenceRequest::requestId)
                .containsExactly("b1", "live", "b2", "b3");
        assertThat(snapshot)
                .extracting(request -> request.tokensSoFar().length)
                .containsExactly(3, 1, 2, 0);
    }

    @Test
    void fromAnyStepAnotherEngineGivesTheSameAnswers() {
        SplittableRandom random = new SplittableRandom(11);
        for (int schedule = 0; schedule < 1_000; schedule++) {
            EngineFixture first = new EngineFixture(options(random));
            List<SequenceRequest> requests = requests(random);
            requests.forEach(first::submit);
            first.steps(random.nextInt(30));

            EngineFixture second = new EngineFixture(options(random));
            first.engine.snapshot().forEach(second::submit);
            if (random.nextBoolean()) {
                second.steps(random.nextInt(10));
                EngineFixture third = new EngineFixture(options(random));
                second.engine.snapshot().forEach(third::submit);
                third.runOut();
                requests.forEach(request -> requireWhole(request, first, second, third));
            } else {
                second.runOut();
                requests.forEach(request -> requireWhole(request, first, second));
            }
        }
    }

    /** Ended in one engine, and each of its tokens was reported by one. */
    private static void requireWhole(SequenceRequest request, EngineFixture... engines) {
        int[] whole = letters(request.requestId(), request.task().generation().maxNewTokens());
        List<Integer> heard = new ArrayList<>();
        int ends = 0;
        for (EngineFixture engine : engines) {
            heard.addAll(engine.listener.tokens(request.requestId()));
            SequenceResult result = engine.listener.finished().get(request.requestId());
            if (result != null) {
                ends++;
                assertThat(result.tokenIds()).isEqualTo(whole);
            }
        }
        assertThat(ends).isEqualTo(1);
        assertThat(heard.stream().mapToInt(token -> token)).containsExactly(boxed(whole));
    }

    private static Integer[] boxed(int[] tokens) {
        return IntStream.of(tokens).boxed().toArray(Integer[]::new);
    }

    private static List<SequenceRequest> requests(SplittableRandom random) {
        List<SequenceRequest> requests = new ArrayList<>();
        for (int count = 1 + random.nextInt(10); count > 0; count--) {
            Lane lane = random.nextBoolean() ? Lane.LIVE : Lane.BULK;
            requests.add(
                    TestRequests.generate(
                            "r" + count, lane, 1 + random.nextInt(60), 1 + random.nextInt(25)));
        }
        return requests;
    }

    private static EngineOptions options(SplittableRandom random) {
        int maxSequences = 1 + random.nextInt(5);
        return new EngineOptions(
                maxSequences, 100 + random.nextInt(200), maxSequences + random.nextInt(60), 16);
    }

    private static SequenceRequest bulk(String requestId, int maxNewTokens) {
        return TestRequests.generate(requestId, Lane.BULK, 3, maxNewTokens);
    }

    private static int[] letters(String requestId, int tokens) {
        return IntStream.range(0, tokens)
                .map(index -> ScriptedModelRunner.letter(requestId, index))
                .toArray();
    }
}
