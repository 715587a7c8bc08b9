package io.sightmill.flink.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuarantineTest {

    private static final List<String> RECORDS =
            IntStream.range(0, 20).mapToObj(index -> "t/0@" + index).toList();

    private static final String CULPRIT = RECORDS.get(11);

    private static final EngineName ENGINE = new EngineName("host", 1, 1_000, "gpu-0");
    private static final EngineName OTHER = new EngineName("host", 2, 1_000, "gpu-0");

    private final Quarantine quarantine = new Quarantine();
    private int attempt;

    @Test
    void withoutSuspicionEverythingRuns() {
        assertThat(ask(RECORDS).granted()).isEqualTo(RECORDS);
    }

    @Test
    void theRecordThatFailsTheJobIsRefusedAfterItsThirdFailureAndNobodyElse() {
        List<Integer> running =
                failUntilRefused(
                        () -> {
                            quarantine.failing(new Failing(holder(), null, "boom"));
                            restart();
                        });

        assertThat(running).containsExactly(20, 8, 1);
        assertThat(quarantine.of(CULPRIT).get().isGuilty()).isTrue();
        assertThat(quarantine.of(CULPRIT).get().cause()).isEqualTo("boom");
    }

    @Test
    void whileSuspectsAreTriedEverythingElseOnTheEngineWaitsAndGoesOnAfterwards() {
        ask(RECORDS.subList(0, 10));
        quarantine.failing(new Failing(holder(), null, "boom"));
        restart();
        Holder otherLane = new Holder("live", 0, 1, ENGINE);
        Holder otherEngine = new Holder("live", 1, 1, OTHER);

        List<String> trial = ask(RECORDS.subList(0, 10)).granted();
        List<String> atFirst =
                quarantine.take(new Turn(otherLane, List.of(), List.of("live"))).granted();
        List<String> elsewhere =
                quarantine.take(new Turn(otherEngine, List.of(), List.of("l2"))).granted();
        leave(trial);
        leave(ask(RECORDS.subList(8, 10)).granted());
        List<String> afterwards =
                quarantine.take(new Turn(otherLane, List.of(), List.of("live"))).granted();

        assertThat(trial).isEqualTo(RECORDS.subList(0, 8));
        assertThat(atFirst).isEmpty();
        assertThat(elsewhere).containsExactly("l2");
        assertThat(afterwards).containsExactly("live");
    }

    @Test
    void anInnocentThatRunsBesideAnotherLanesCulpritIsNotBlamed() {
        Holder otherLane = new Holder("live", 0, 1, ENGINE);
        for (int failure = 0; failure < 6; failure++) {
            ask(List.of("bulk"));
            quarantine.take(new Turn(otherLane, List.of(), List.of("culprit")));
            if (quarantine.suspicions().values().stream().anyMatch(Suspicion::isGuilty)) {
                break;
            }
            boolean runs =
                    !quarantine
                            .take(new Turn(otherLane, List.of(), List.of("culprit")))
                            .granted()
                            .isEmpty();
            if (runs) {
                quarantine.failing(new Failing(otherLane, null, "boom"));
                restart();
                quarantine.reset("live", 0);
            } else {
                leave(List.of("bulk"));
            }
        }

        assertThat(quarantine.of("culprit")).get().matches(Suspicion::isGuilty);
        assertThat(quarantine.of("bulk").map(Suspicion::isGuilty).orElse(false)).isFalse();
    }

    @Test
    void oneLostProcessMakesNobodyASuspectAndRepeatedLossesFindTheRecord() {
        List<Integer> running = failUntilRefused(this::lose);

        // With everybody twice, in a group, and alone until that cannot be chance.
        assertThat(running).containsExactly(20, 20, 8, 1, 1, 1);
        assertThat(ask(List.of(CULPRIT)).refused()).containsOnlyKeys(CULPRIT);
    }

    @Test
    void aProcessThatLeavesACrashLogIsAFailureLikeAnother() {
        List<Integer> running =
                failUntilRefused(
                        () -> {
                            lose();
                            quarantine.crashed(crashOf(ENGINE));
                        });

        assertThat(running).containsExactly(20, 8, 1);
        assertThat(quarantine.of(CULPRIT)).get().extracting(Suspicion::cause).isEqualTo("SIGSEGV");
    }

    @Test
    void aCrashLogOfAnotherProcessExplainsNothing() {
        ask(List.of(CULPRIT));
        lose();

        quarantine.crashed(new Crash("other", ENGINE.process(), ENGINE.started() + 1, "SIGSEGV"));
        quarantine.crashed(new Crash(ENGINE.host(), 7, ENGINE.started() + 1, "SIGSEGV"));
        quarantine.crashed(
                new Crash(ENGINE.host(), ENGINE.process(), ENGINE.started() - 1, "SIGSEGV"));

        assertThat(quarantine.of(CULPRIT)).get().matches(each -> !each.isExplained());
    }

    @Test
    void aSubtaskThatEndsInOrderLeavesNobodySuspected() {
        ask(RECORDS);
        quarantine.leaving(holder());
        restart();

        assertThat(quarantine.suspicions()).isEmpty();
        assertThat(ask(RECORDS).granted()).isEqualTo(RECORDS);
    }

    @Test
    void aFailedEngineTakesNothingUntilItsUsersStartOver() {
        ask(RECORDS);
        quarantine.failing(new Failing(holder(), null, "boom"));

        assertThat(ask(List.of("another")).granted()).isEmpty();
        restart();
        assertThat(ask(List.of("another")).granted()).containsExactly("another");
    }

    @Test
    void aSuspectThatIsAnsweredIsOneNoLonger() {
        ask(List.of(CULPRIT));
        quarantine.failing(new Failing(holder(), null, "boom"));
        restart();
        ask(List.of(CULPRIT));
        leave(List.of(CULPRIT));

        assertThat(quarantine.of(CULPRIT)).isEmpty();
    }

    @Test
    void aRecordThatWasRefusedIsRefusedAgainWhenItComesBackFromACheckpoint() {
        failUntilRefused(
                () -> {
                    quarantine.failing(new Failing(holder(), null, "boom"));
                    restart();
                });
        leave(List.of(CULPRIT));
        restart();

        assertThat(ask(List.of(CULPRIT)).refused()).containsOnlyKeys(CULPRIT);
    }

    @Test
    void whatSpeaksAgainstRecordsComesBackFromACheckpointAndIsNotSetBackByOne() throws Exception {
        ask(List.of(CULPRIT));
        quarantine.failing(new Failing(holder(), null, "boom"));
        byte[] early = QuarantineFormat.write(quarantine.suspicions());
        restart();
        ask(List.of(CULPRIT));
        quarantine.failing(new Failing(holder(), null, "again"));

        Quarantine restored = new Quarantine();
        restored.restore(QuarantineFormat.read(early));
        quarantine.restore(QuarantineFormat.read(early));

        assertThat(restored.of(CULPRIT)).hasValue(new Suspicion(1, 1, true, "boom"));
        assertThat(quarantine.of(CULPRIT)).hasValue(new Suspicion(2, 2, true, "again"));
    }

    /** Runs everything through, the failing included; tells how many ran at each failure. */
    private List<Integer> failUntilRefused(Runnable failure) {
        List<Integer> running = new ArrayList<>();
        List<String> waiting = new ArrayList<>(RECORDS);
        while (!waiting.isEmpty()) {
            Verdicts verdicts = ask(waiting);
            waiting.removeAll(verdicts.refused().keySet());
            assertThat(verdicts.refused().keySet()).isSubsetOf(CULPRIT);
            assertThat(verdicts.granted().size() + verdicts.refused().size()).isPositive();
            if (verdicts.granted().contains(CULPRIT)) {
                running.add(verdicts.granted().size());
                assertThat(running).as("how many ran at each failure").hasSizeLessThan(10);
                failure.run();
                // The checkpoint they all come back from is older.
                waiting = new ArrayList<>(RECORDS);
            } else {
                waiting.removeAll(verdicts.granted());
                leave(verdicts.granted());
            }
        }
        return running;
    }

    private static Crash crashOf(EngineName engine) {
        return new Crash(engine.host(), engine.process(), engine.started() + 1, "SIGSEGV");
    }

    private Holder holder() {
        return new Holder("bulk", 0, attempt, ENGINE);
    }

    private Verdicts ask(List<String> positions) {
        return quarantine.take(new Turn(holder(), List.of(), positions));
    }

    private void leave(List<String> positions) {
        quarantine.take(new Turn(holder(), positions, List.of()));
    }

    /** The process dies without a word, and another takes over. */
    private void lose() {
        restart();
    }

    private void restart() {
        attempt++;
        quarantine.reset("bulk", 0);
    }
}
