package io.sightmill.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    private static final OptionalLong NONE = OptionalLong.empty();

    @Test
    void anOutcomeThatWasOnItsWayIsNoRecovery() {
        Recovery recovery = new Recovery(Disturbance.TASK_MANAGER_KILLED, 1_000);

        recovery.onOutcomes(1_300);

        assertThat(recovery.time(NONE, OptionalLong.of(1_300))).isEmpty();
        assertThat(recovery.time(OptionalLong.of(9_000), NONE)).isEmpty();
    }

    @Test
    void theFirstOutcomeAfterACheckpointOfTheRecoveredJobIs() {
        Recovery recovery = new Recovery(Disturbance.JOB_MANAGER_KILLED, 1_000);

        recovery.onOutcomes(1_300);
        recovery.onOutcomes(9_500);
        recovery.onOutcomes(12_000);

        assertThat(recovery.time(OptionalLong.of(9_000), NONE)).contains(Duration.ofMillis(8_500));
    }

    @Test
    void ingestIsBackWhenALaterRequestIsAnswered() {
        Recovery recovery = new Recovery(Disturbance.INGEST_KILLED, 1_000);

        recovery.onOutcomes(2_000);

        assertThat(recovery.time(OptionalLong.of(1_900), NONE)).isEmpty();
        assertThat(recovery.time(OptionalLong.of(1_900), OptionalLong.of(4_000)))
                .contains(Duration.ofSeconds(3));
    }
}
