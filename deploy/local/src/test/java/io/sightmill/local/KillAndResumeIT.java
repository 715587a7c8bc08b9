package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred files, some of them broken, through a SIGKILL and through Ctrl-C. */
class KillAndResumeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int GOOD_IMAGES = 195;

    /** In tokens; long enough for many checkpoints in one run, whatever the machine. */
    private static final int LONG_ANSWER = 400;

    @TempDir private Path directory;

    @Test
    void everyFileHasExactlyOneCommittedOutcomeAlsoAfterAKillAndAnInterruption() throws Exception {
        MixedFolder folder = MixedFolder.create(directory.resolve("images"), GOOD_IMAGES);
        Path data = directory.resolve("data");

        try (SightmillProcess killed = caption(folder, data)) {
            awaitLines(killed, 10);
            killed.kill();
            assertThat(lines(killed)).as("killed half-way").isLessThan(GOOD_IMAGES);
        }
        try (SightmillProcess interrupted = caption(folder, data)) {
            awaitLines(interrupted, 90);
            interrupted.interrupt();
            // 128 + SIGINT, as a shell reports it.
            assertThat(interrupted.exitCode(PATIENCE)).isEqualTo(130);
            assertThat(interrupted.errors()).contains("left for the next run");
        }
        List<JsonNode> output;
        try (SightmillProcess last = caption(folder, data)) {
            assertThat(last.exitCode(PATIENCE)).as(last::errors).isZero();
            output = JsonLines.parse(last.output());
        }

        Set<String> files = files(folder.directory());
        assertThat(files).hasSize(200);
        assertThat(output.stream().map(line -> line.get("path").asText()))
                .containsExactlyInAnyOrderElementsOf(files);
        Outcomes committed = Outcomes.committedIn(data);
        Set<String> broken =
                folder.expectedReasons().keySet().stream()
                        .map(Path::toString)
                        .collect(Collectors.toSet());
        assertEachOnce(committed.rejections(), broken);
        files.removeAll(broken);
        assertEachOnce(committed.answers(), files);
    }

    private SightmillProcess caption(MixedFolder folder, Path data) {
        return SightmillProcess.start(
                directory,
                "caption",
                folder.directory(),
                "--model",
                SightmillProcess.projectRoot().resolve("deploy/local/model/sightmill-tiny"),
                "--max-new-tokens",
                Integer.toString(LONG_ANSWER),
                "--data",
                data);
    }

    private static void awaitLines(SightmillProcess process, int lines) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            assertThat(process.isRunning()).as(process::errors).isTrue();
                            return lines(process) >= lines;
                        });
    }

    private static long lines(SightmillProcess process) {
        return process.output().lines().count();
    }

    private static void assertEachOnce(Map<String, Integer> counts, Set<String> files) {
        assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(files);
        assertThat(counts.values()).containsOnly(1);
    }

    private static Set<String> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
