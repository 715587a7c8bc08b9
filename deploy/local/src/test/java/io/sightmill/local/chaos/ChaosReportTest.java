package io.sightmill.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChaosReportTest {

    @Test
    void everyFaultAloneIsEnough() {
        assertThat(report(0, 0, 0, 0, 5).holds()).isTrue();
        assertThat(report(1, 0, 0, 0, 5).holds()).as("lost").isFalse();
        assertThat(report(0, 1, 0, 0, 5).holds()).as("duplicated").isFalse();
        assertThat(report(0, 0, 1, 0, 5).holds()).as("different").isFalse();
        assertThat(report(0, 0, 0, 1, 5).holds()).as("unexpected").isFalse();
        assertThat(report(0, 0, 0, 0, 0).holds()).as("nothing resumed").isFalse();
    }

    @Test
    void quantilesAreOfWhatWasMeasured() {
        ChaosReport report = report(0, 0, 0, 0, 5);

        assertThat(report.recovery(0.5)).isEqualTo(Duration.ofSeconds(2));
        assertThat(report.recovery(1)).isEqualTo(Duration.ofSeconds(9));
        assertThat(report.checkpointMillis(0.99)).isEqualTo(30);
    }

    private static ChaosReport report(
            int lost, int duplicated, int different, long unexpected, long resumedTokens) {
        return new ChaosReport(
                10,
                20,
                lost,
                duplicated,
                different,
                unexpected,
                resumedTokens,
                Map.of(Disturbance.BROKER_KILLED, 3),
                List.of(Duration.ofSeconds(9), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Duration.ofSeconds(20),
                List.of(10L, 30L, 20L),
                1_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
    }
}
