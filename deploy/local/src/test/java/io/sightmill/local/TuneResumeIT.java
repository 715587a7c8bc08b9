package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tuning as a user runs it, in processes of its own: one of them is killed. */
class TuneResumeIT {

    private static final Path ROOT = SightmillProcess.projectRoot();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int STEPS = 30;

    @TempDir private Path scratch;

    @Test
    void aRunKilledAndResumedHasTheLossesOfAnUndisturbedOne() throws IOException {
        writeData();
        assertThat(exitCode(start("whole"))).isZero();

        SightmillProcess doomed = start("killed");
        await().atMost(PATIENCE).until(() -> lines("killed").size() > STEPS / 2);
        doomed.kill();
        doomed.close();
        int reached = lines("killed").size() - 1;
        assertThat(scratch.resolve("killed")).doesNotExist();
        assertThat(exitCode(start("killed"))).isZero();

        assertThat(reached).isLessThan(STEPS);
        assertThat(losses("killed")).hasSize(STEPS + 1).isEqualTo(losses("whole"));
        for (String file : List.of("config.json", "model.safetensors")) {
            assertThat(scratch.resolve("killed").resolve(file))
                    .hasSameBinaryContentAs(scratch.resolve("whole").resolve(file));
        }
        assertThat(exitCode(SightmillProcess.start(scratch, "inspect", scratch.resolve("whole"))))
                .isZero();
    }

    private int exitCode(SightmillProcess process) {
        try (process) {
            int code = process.exitCode(PATIENCE);
            assertThat(code).as(process.errors()).isZero();
            return code;
        }
    }

    private SightmillProcess start(String name) {
        return SightmillProcess.start(
                scratch,
                "tune",
                "instruct-tune",
                "--model",
                ROOT.resolve("deploy/local/model/sightmill-tiny"),
                "--data",
                scratch.resolve("data.json"),
                "--images",
                ROOT.resolve("deploy/local/examples"),
                "--steps",
                STEPS,
                "--batch",
                3,
                "--rate",
                "1e-3",
                "--lora-rank",
                4,
                "--lora-dropout",
                0.1,
                "--checkpoint-every",
                4,
                scratch.resolve(name));
    }

    private void writeData() throws IOException {
        List<String> entries = new ArrayList<>();
        try (Stream<Path> images = Files.list(ROOT.resolve("deploy/local/examples"))) {
            images.map(image -> image.getFileName().toString())
                    .sorted()
                    .forEach(
                            name ->
                                    entries.add(
                                            """
                                            {"id": "%s", "image": "%s", "conversations": [
                                             {"from": "human", "value": "<image>\\nWhat is it?"},
                                             {"from": "gpt", "value": "It is called %s."}]}"""
                                                    .formatted(name, name, name)));
        }
        Files.writeString(scratch.resolve("data.json"), "[" + String.join(",", entries) + "]");
    }

    private List<String> losses(String name) {
        return lines(name).stream()
                .map(line -> line.split(","))
                .map(columns -> columns[0] + " " + columns[2] + " " + columns[3])
                .toList();
    }

    private List<String> lines(String name) {
        Path file = scratch.resolve(name + ".run").resolve("metrics.csv");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
