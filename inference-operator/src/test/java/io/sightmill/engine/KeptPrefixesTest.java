package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A prefix outlives its first task while others of the record wait, and nothing else. */
class KeptPrefixesTest {

    private static final int PREFIX = 28;
    private static final int QUESTION = 6;
    private static final int TASK = PREFIX + QUESTION + 4;

    @Test
    void fiveTasksShareOnePrefillThoughOnlyOneRunsAtATime() {
        EngineFixture fixture = narrow(1_000);

        fixture.submit(tasks("r", 5)).runOut();

        assertThat(fixture.engine.counters().promptTokens()).isEqualTo(PREFIX + 5 * QUESTION);
        assertThat(fixture.runner.encodes()).isEqualTo(1);
        assertThat(fixture.listener.result("r/t1").cachedTokens()).isZero();
        for (String later : new String[] {"r/t2", "r/t3", "r/t4", "r/t5"}) {
            assertThat(fixture.listener.result(later).cachedTokens()).isEqualTo(PREFIX);
        }
        assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
        assertThat(fixture.runner.released()).isEqualTo(5);
    }

    @Test
    void aPrefixCountsInTheBudgetUntilTheNextTaskHasItsCopy() {
        EngineFixture fixture = narrow(1_000);
        fixture.submit(tasks("r", 2));

        fixture.steps(6);
        assertThat(fixture.listener.finished()).containsOnlyKeys("r/t1");
        assertThat(fixture.engine.counters().running()).isZero();
        assertThat(fixture.engine.counters().kvTokensUsed()).isEqualTo(TASK);

        fixture.steps(1);
        assertThat(fixture.engine.counters().running()).isEqualTo(1);
        assertThat(fixture.engine.counters().kvTokensUsed()).isEqualTo(TASK);
        assertThat(fixture.runner.released()).isEqualTo(1);
    }

    @Test
    void aPrefixIsGivenUpWhereTheBudgetHasNoRoomForBoth() {
        EngineFixture fixture = narrow(2 * TASK - 1);

        fixture.submit(tasks("r", 2)).runOut();

        assertThat(fixture.listener.finished()).containsOnlyKeys("r/t1", "r/t2");
        assertThat(fixture.engine.counters().cachedTokens()).isZero();
    }

    @Test
    void aPrefixIsGivenUpBeforeAnybodyGivesWay() {
        EngineFixture fixture = new EngineFixture(new EngineOptions(2, 3 * TASK, 64, 16));
        fixture.submit(bulk(generate("other", 3, 30)));
        fixture.submit(bulk(tasks("r", 3))).steps(6);
        assertThat(fixture.listener.finished()).containsOnlyKeys("r/t1");
        int used = fixture.engine.counters().kvTokensUsed();
        assertThat(used).isEqualTo(32 + TASK);

        fixture.submit(generate("live", 3, 3 * TASK - 32 - 2)).steps(1);

        assertThat(fixture.engine.counters().preemptions()).isZero();
        assertThat(fixture.engine.counters().running()).isEqualTo(2);
        assertThat(fixture.runner.isAdmitted("r/t1")).isFalse();
        assertThat(fixture.runOut().listener.finished()).containsKeys("r/t2", "r/t3", "live");
    }

    @Test
    void nothingIsKeptForOtherRecordsTenantsAndPrompts() {
        EngineFixture fixture = narrow(1_000);

        fixture.submit(ask("r", "t1", 1))
                .submit(ask("s", "t1", 1), ask("r", "t2", 1).withTenant("somebody else"))
                .submit(TestRequests.task("t3", generate("r", 3, 5)))
                .runOut();

        assertThat(fixture.engine.counters().cachedTokens()).isZero();
        assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
    }

    @Test
    void whatIsKeptGoesWithTheLastTaskThatWaitedForIt() {
        EngineFixture fixture = narrow(1_000);
        fixture.submit(tasks("r", 3)).steps(6);
        assertThat(fixture.engine.counters().kvTokensUsed()).isEqualTo(TASK);

        fixture.engine.cancel("r");

        assertThat(fixture.engine.counters().kvTokensUsed()).isZero();
        assertThat(fixture.runner.released()).isEqualTo(1);
        assertThat(fixture.engine.hasWork()).isFalse();
    }

    @Test
    void aSequenceOfTheSameNameMayComeWhileItsPrefixIsKept() {
        EngineOptions options = new EngineOptions(2, 1_000, 64, 16);
        EngineFixture fixture = new EngineFixture(options);
        List<SequenceId> ended = new ArrayList<>();
        GenerationEngine engine = fixture.engine(fixture.runner, options, ends(ended));
        engine.submit(ask("r", "t1", 1));
        engine.submit(generate("other", 3, 6));
        engine.submit(ask("r", "t2", 2));
        while (ended.size() < 2) {
            engine.step();
        }
        assertThat(fixture.runner.isAdmitted("r/t1")).isTrue();

        engine.submit(ask("r", "t1", 1));
        while (engine.step()) {
            assertThat(engine.counters().steps()).isLessThan(100);
        }

        assertThat(ended).hasSize(4);
        assertThat(engine.counters().kvTokensUsed()).isZero();
    }

    private static EngineListener ends(List<SequenceId> ended) {
        return new EngineListener() {
            @Override
            public void onToken(SequenceId id, int tokenId) {}

            @Override
            public void onFinished(SequenceResult result) {
                ended.add(result.request().id());
            }

            @Override
            public void onFailed(SequenceRequest request, RequestRejectedException cause) {
                throw new AssertionError(cause);
            }
        };
    }

    private static EngineFixture narrow(int kvTokens) {
        return new EngineFixture(new EngineOptions(1, kvTokens, 64, 16));
    }

    private static SequenceRequest[] tasks(String requestId, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(task -> ask(requestId, "t" + task, task))
                .toArray(SequenceRequest[]::new);
    }

    private static SequenceRequest ask(String requestId, String taskId, int word) {
        Prompt prompt = TestRequests.prompt(4, 24, QUESTION);
        Arrays.fill(prompt.tokenIds(), PREFIX, prompt.length(), word);
        return TestRequests.task(
                taskId, generate(requestId, Lane.LIVE, prompt, GenerationOptions.greedy(5)));
    }

    private static SequenceRequest[] bulk(SequenceRequest... requests) {
        return Arrays.stream(requests)
                .map(each -> new SequenceRequest(each.requestId(), Lane.BULK, each.task()))
                .toArray(SequenceRequest[]::new);
    }
}
