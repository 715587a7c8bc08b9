package io.sightmill.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code sightmill chaos}. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ChaosIT {

    @TempDir private Path directory;

    @Test
    void everyRequestHasExactlyTheOutcomesItHasUndisturbed() {
        ChaosPlan plan =
                new ChaosPlan(
                        200,
                        Map.of(
                                Disturbance.TASK_MANAGER_KILLED, 2,
                                Disturbance.JOB_MANAGER_KILLED, 1,
                                Disturbance.BROKER_KILLED, 1,
                                Disturbance.INGEST_KILLED, 1,
                                Disturbance.JOB_RESCALED, 1),
                        Duration.ofSeconds(20),
                        1,
                        Path.of("model/sightmill-tiny"),
                        Duration.ofMillis(500),
                        8,
                        1,
                        2,
                        2);

        ChaosReport report = new ChaosSuite(plan, directory, new PrintedEvents()).run();

        assertThat(report.lost()).as("lost").isZero();
        assertThat(report.duplicated()).as("duplicated").isZero();
        assertThat(report.different()).as("different").isZero();
        assertThat(report.unexpected()).as("unexpected").isZero();
        assertThat(report.resumedTokens()).as("resumed tokens").isPositive();
        assertThat(report.recoveries()).hasSize(6);
        assertThat(report.holds()).isTrue();
    }

    /** For whoever reads the log of a failed build. */
    private static final class PrintedEvents implements ChaosListener {

        @Override
        public void on(String event) {
            System.out.println(event);
        }

        @Override
        public void onOutcomes(String run, int committed, int all) {
            System.out.printf("%s %d of %d%n", run, committed, all);
        }
    }
}
