package io.sightmill.engine;

import static io.sightmill.engine.TestRequests.generate;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.TestRequests.TestImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The scripted runner checks that what is copied is what the sequence would have run itself. */
class SharedPrefixesTest {

    private final EngineFixture fixture = new EngineFixture(new EngineOptions(8, 1_000, 64, 16));
    private final RecordingListener listener = fixture.listener;

    @Test
    void theTasksOfARecordPrefillWhatTheyHaveInCommonOnce() {
        fixture.submit(ask("r", "a", 1), ask("r", "b", 2), ask("r", "c", 3)).runOut();

        assertThat(fixture.runner.steps().subList(0, 2))
                .containsExactly(
                        List.of("prefill r/a[0,28)"),
                        List.of(
                                "prefill r/a[28,34)",
                                "copy r/b<r/a[0,28)",
                                "prefill r/b[28,34)",
                                "copy r/c<r/a[0,28)",
                                "prefill r/c[28,34)"));
        assertThat(listener.result("r/a").cachedTokens()).isZero();
        assertThat(listener.result("r/b").cachedTokens()).isEqualTo(28);
        assertThat(listener.result("r/c").cachedTokens()).isEqualTo(28);
        assertThat(fixture.engine.counters().cachedTokens()).isEqualTo(56);
        assertThat(fixture.engine.counters().promptTokens()).isEqualTo(34 + 6 + 6);
    }

    @Test
    void aTaskThatComesLaterSharesToo() {
        fixture.submit(ask("r", "a", 1)).steps(4);

        fixture.submit(ask("r", "b", 2)).runOut();

        assertThat(listener.result("r/b").cachedTokens()).isEqualTo(28);
    }

    @Test
    void everyTaskReservesItsWholeMemory() {
        fixture.submit(ask("r", "a", 1), ask("r", "b", 2)).steps(2);

        assertThat(fixture.engine.counters().kvTokensUsed()).isEqualTo(2 * (34 + 4));
    }

    @Test
    void otherRecordsAndOtherTenantsShareNothing() {
        fixture.submit(
                        ask("r", "a", 1),
                        ask("s", "b", 1),
                        ask("r", "c", 1).withTenant("somebody else"))
                .runOut();

        assertThat(fixture.engine.counters().cachedTokens()).isZero();
    }

    @Test
    void anotherImageOrOtherWordsBeforeItAreNotShared() {
        Prompt prompt = prompt(4, "cat", 1);

        assertThat(common(prompt, prompt(4, "cat", 2))).isEqualTo(28);
        assertThat(common(prompt, prompt(4, "dog", 1))).isZero();
        assertThat(common(prompt, prompt(5, "cat", 1))).isZero();
    }

    @Test
    void textIsSharedUpToTheLastCommonBorderBeforeTheEnd() {
        assertThat(common(text(50, 0), text(50, 0))).isEqualTo(48);
        assertThat(common(text(50, 0), text(48, 0))).isEqualTo(32);
        assertThat(common(text(48, 0), text(50, 0))).isEqualTo(48);
        assertThat(common(text(30, 0), text(50, 0))).isEqualTo(16);
        assertThat(common(text(50, 0), text(50, 40))).isEqualTo(32);
        assertThat(common(text(9, 0), text(9, 0))).isZero();
    }

    @Test
    void ifTheFirstIsLateBeforeItHasThePrefixTheNextGoesOnFromWhatThereIs() {
        fixture.submit(
                text("r", "a", 1).withDeadline(fixture.now().plusMillis(15)),
                text("r", "b", 2),
                text("r", "c", 3));

        fixture.runOut();

        assertThat(listener.result("r/a").finishReason()).isEqualTo(FinishReason.LATE);
        assertThat(listener.result("r/b").finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(listener.result("r/b").cachedTokens()).isEqualTo(16);
        assertThat(listener.result("r/c").cachedTokens()).isEqualTo(32);
    }

    @Test
    void aFailureOfTheFirstDoesNotHurtTheOthers() {
        fixture.runner.failsForTask("a");

        fixture.submit(ask("r", "a", 1), ask("r", "b", 2), ask("r", "c", 3)).runOut();

        assertThat(listener.failed()).containsOnlyKeys("r/a");
        assertThat(listener.finished()).containsOnlyKeys("r/b", "r/c");
        assertThat(listener.result("r/c").cachedTokens()).isEqualTo(28);
    }

    @Test
    void aStepThatIsRunInHalvesCopiesAllTheSame() {
        fixture.runner.throwsForTask("b", () -> new IllegalStateException("boom"));

        fixture.submit(ask("r", "a", 1), ask("r", "b", 2), ask("r", "c", 3)).runOut();

        assertThat(listener.failed()).containsOnlyKeys("r/b");
        assertThat(listener.result("r/c").cachedTokens()).isEqualTo(28);
    }

    @Test
    void thePrefixIsTakenBeforeItsOwnerEndsEvenIfTheStepHasNoTokensLeft() {
        EngineFixture narrow = new EngineFixture(new EngineOptions(8, 1_000, 8, 16));
        narrow.submit(
                        IntStream.range(0, 5)
                                .mapToObj(task -> labels("r", "t" + (task + 1)))
                                .toArray(SequenceRequest[]::new))
                .runOut();

        assertThat(narrow.engine.counters().cachedTokens()).isEqualTo(4 * 28);
        assertThat(narrow.engine.counters().promptTokens()).isEqualTo(28 + 5 * 6);
    }

    @Test
    void anOwnerThatIsPreemptedLeavesTheOthersTheirCopies() {
        EngineFixture narrow = new EngineFixture(new EngineOptions(2, 1_000, 64, 16));
        narrow.submit(bulk(ask("r", "a", 1)), bulk(ask("r", "b", 2))).steps(3);

        narrow.submit(generate("live1", 3, 2), generate("live2", 3, 2)).runOut();

        assertThat(narrow.engine.counters().preemptions()).isEqualTo(2);
        assertThat(narrow.listener.finished()).containsKeys("r/a", "r/b");
    }

    private int common(Prompt owner, Prompt prompt) {
        return new ChunkBorders(16).common(owner, prompt);
    }

    private static SequenceRequest ask(String requestId, String taskId, int word) {
        return TestRequests.task(
                taskId,
                generate(
                        requestId, Lane.LIVE, prompt(4, "cat", word), GenerationOptions.greedy(5)));
    }

    private static SequenceRequest text(String requestId, String taskId, int word) {
        Prompt prompt = text(40, 0);
        prompt.tokenIds()[39] = word;
        return TestRequests.task(
                taskId, generate(requestId, Lane.LIVE, prompt, GenerationOptions.greedy(5)));
    }

    private static SequenceRequest labels(String requestId, String taskId) {
        PreparedTask task =
                new PreparedTask(
                        taskId,
                        TaskKind.SCORE,
                        prompt(4, "cat", 1),
                        List.of(new int[1], new int[1]),
                        GenerationOptions.greedy(1));
        return new SequenceRequest(requestId, Lane.LIVE, task);
    }

    private static SequenceRequest bulk(SequenceRequest request) {
        return new SequenceRequest(request.requestId(), Lane.BULK, request.task());
    }

    /** Text before, an image of 24 tokens, and a question of 6. */
    private static Prompt prompt(int before, String image, int word) {
        int[] tokens = new int[before + 24 + 6];
        Arrays.fill(tokens, before + 24, tokens.length, word);
        return new Prompt(tokens, List.of(new ImageSpan(before, new TestImage(image, 24))));
    }

    /** Text that is alike up to a position and from there on is not. */
    private static Prompt text(int length, int differsFrom) {
        int[] tokens = new int[length];
        if (differsFrom > 0) {
            Arrays.fill(tokens, differsFrom, length, 7);
        }
        return new Prompt(tokens, List.of());
    }
}
