package io.sightmill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    private final Scheduler scheduler = new Scheduler(new EngineOptions(20, 1_000, 20, 8));

    @Test
    void everyPrefilledSequenceDecodes() {
        List<Sequence> running = List.of(decoding("a"), decoding("b"));

        assertThat(scheduler.plan(running, Map.of(), false).decodes()).isEqualTo(running);
    }

    @Test
    void prefillGetsWhatDecodingLeaves() {
        List<Sequence> running = new ArrayList<>();
        for (int count = 0; count < 4; count++) {
            running.add(decoding("d" + count));
        }
        running.addAll(List.of(begun("a", 30), begun("b", 30), begun("c", 30)));

        BatchPlan plan = scheduler.plan(running, Map.of(), false);

        assertThat(plan.decodes()).hasSize(4);
        assertThat(plan.prefills()).extracting(SchedulerTest::name).containsExactly("a", "b");
    }

    @Test
    void aChunkLargerThanWhatIsLeftStillGoesWhenItIsTheFirst() {
        List<Sequence> running = new ArrayList<>();
        for (int count = 0; count < 20; count++) {
            running.add(decoding("d" + count));
        }
        running.add(begun("a", 8));
        running.add(begun("b", 1));

        BatchPlan plan = scheduler.plan(running, Map.of(), false);

        assertThat(plan.decodes()).hasSize(20);
        assertThat(plan.prefills()).extracting(SchedulerTest::name).containsExactly("a");
    }

    @Test
    void aSmallChunkDoesNotPassALargeOneThatDoesNotFit() {
        Sequence small = begun("small", 1);
        Sequence image =
                new Sequence(
                        TestRequests.generate(
                                "image",
                                Lane.LIVE,
                                TestRequests.prompt(1, 30, 1),
                                GenerationOptions.greedy(4)));

        BatchPlan plan = scheduler.plan(List.of(begun("first", 8), image, small), Map.of(), false);

        assertThat(plan.prefills()).extracting(SchedulerTest::name).containsExactly("first");
    }

    @Test
    void liveGoesBeforeBulkThatCameEarlier() {
        Sequence bulk = new Sequence(TestRequests.generate("bulk", Lane.BULK, 8, 4));

        BatchPlan plan = scheduler.plan(List.of(bulk, begun("live", 8)), Map.of(), false);

        assertThat(plan.prefills()).extracting(SchedulerTest::name).containsExactly("live", "bulk");
    }

    @Test
    void bulkIsPrefilledAfterAFewStepsOfConstantLiveLoad() {
        Sequence bulk = new Sequence(TestRequests.generate("bulk", Lane.BULK, 8, 4));
        List<Sequence> running = new ArrayList<>(List.of(bulk));
        for (int count = 0; count < 6; count++) {
            running.add(begun("live" + count, 8));
        }

        int steps = 1;
        while (scheduler.plan(running, Map.of(), false).prefills().stream()
                .noneMatch(c -> c.sequence() == bulk)) {
            steps++;
            assertThat(steps).isLessThan(20);
        }
        assertThat(steps).isGreaterThan(1);
    }

    @Test
    void allOfBulkTakesNoMoreThanAChunkWhileALiveSequenceRuns() {
        List<Sequence> bulk = new ArrayList<>();
        for (int count = 0; count < 4; count++) {
            bulk.add(new Sequence(TestRequests.generate("b" + count, Lane.BULK, 4, 4)));
        }
        List<Sequence> both = new ArrayList<>(bulk);
        both.add(decoding("live"));

        assertThat(scheduler.plan(bulk, Map.of(), false).prefills()).hasSize(4);
        assertThat(scheduler.plan(both, Map.of(), false).prefills())
                .extracting(SchedulerTest::name)
                .containsExactly("b0", "b1");
        assertThat(scheduler.plan(bulk, Map.of(), true).prefills())
                .as("while a live sequence waits")
                .extracting(SchedulerTest::name)
                .containsExactly("b0", "b1");
    }

    @Test
    void imagesToEmbedCostTheirTokens() {
        Sequence embed = new Sequence(TestRequests.embed("embed", Lane.LIVE, 15));

        BatchPlan plan =
                scheduler.plan(List.of(embed, begun("a", 8), begun("b", 8)), Map.of(), false);

        assertThat(plan.embeds()).containsExactly(embed);
        assertThat(plan.prefills()).isEmpty();
    }

    @Test
    void labelsCostWhatTheModelRunsOfThem() {
        List<Sequence> running = new ArrayList<>();
        for (int count = 0; count < 3; count++) {
            running.add(new Sequence(TestRequests.score("s" + count, Lane.LIVE, 3, 7)));
        }

        BatchPlan plan = scheduler.plan(running, Map.of(), false);

        // 3 positions and the first 6 tokens of labels of 1 to 7 equal ones: 9 of 20 each.
        assertThat(plan.prefills()).extracting(SchedulerTest::name).containsExactly("s0", "s1");
    }

    @Test
    void cutsDoNotMoveWithTheLoad() {
        Sequence alone = begun("alone", 20);
        List<Integer> cutsAlone = cuts(alone, List.of());
        List<Sequence> company = new ArrayList<>();
        for (int count = 0; count < 15; count++) {
            company.add(decoding("d" + count));
        }

        assertThat(cuts(begun("crowded", 20), company))
                .isEqualTo(cutsAlone)
                .containsExactly(8, 16, 20);
    }

    private List<Integer> cuts(Sequence sequence, List<Sequence> company) {
        List<Sequence> running = new ArrayList<>(company);
        running.add(sequence);
        List<Integer> cuts = new ArrayList<>();
        while (!sequence.isPrefilled()) {
            int to = scheduler.plan(running, Map.of(), false).prefills().get(0).to();
            sequence.prefilledTo(to);
            cuts.add(to);
        }
        return cuts;
    }

    private static String name(PrefillChunk chunk) {
        return chunk.sequence().request().requestId();
    }

    private static Sequence begun(String requestId, int promptTokens) {
        return new Sequence(TestRequests.generate(requestId, promptTokens, 4));
    }

    private static Sequence decoding(String requestId) {
        Sequence sequence = begun(requestId, 3);
        sequence.prefilledTo(3);
        sequence.append('a');
        return sequence;
    }
}
