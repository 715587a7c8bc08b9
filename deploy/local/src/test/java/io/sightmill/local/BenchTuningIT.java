package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bench tuning} as a user runs it: in a JVM in which nothing has loaded the library yet, and
 * with as many lanes as that library has threads.
 */
class BenchTuningIT {

    @Test
    void measuresEveryStageInAJvmOfItsOwn(@TempDir Path directory) throws Exception {
        try (SightmillProcess bench =
                SightmillProcess.start(
                        directory,
                        "bench",
                        "tuning",
                        "--products",
                        "FLOAT32",
                        "--positions",
                        256,
                        "--seconds",
                        1,
                        "--json")) {
            assertThat(bench.exitCode(Duration.ofMinutes(3))).as(bench.errors()).isZero();

            JsonNode report = new ObjectMapper().readTree(bench.output());
            assertThat(report.get("figures"))
                    .hasSize(5)
                    .allSatisfy(figure -> assertThat(figure.get("value").asDouble()).isPositive());
        }
    }
}
