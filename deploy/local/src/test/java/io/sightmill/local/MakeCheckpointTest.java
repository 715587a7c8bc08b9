package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakeCheckpointTest {

    @TempDir private Path directory;

    private record Ended(int exitCode, String output, String errors) {}

    @Test
    void itSaysWhatItHasWritten() throws Exception {
        Path model = directory.resolve("model");

        Ended ended =
                execute(
                        "make-checkpoint",
                        "--shape=tiny-next",
                        "--text=mistral",
                        "--layout=authors",
                        "--dtype=bfloat16",
                        "--shard-bytes=2000000",
                        "--json",
                        model.toString());

        assertThat(ended.exitCode()).isZero();
        List<JsonNode> lines = JsonLines.parse(ended.output());
        assertThat(lines).hasSize(1);
        JsonNode line = lines.get(0);
        assertThat(line.get("family").asText()).isEqualTo("next");
        assertThat(line.get("text").asText()).isEqualTo("mistral");
        assertThat(line.get("dtype").asText()).isEqualTo("bfloat16");
        long bytes = 0;
        for (JsonNode file : line.get("weightFiles")) {
            bytes += Files.size(model.resolve(file.asText()));
        }
        long weights = line.get("weightBytes").asLong();
        assertThat(bytes).isBetween(weights, weights + 40_000);
        assertThat(weights).isEqualTo(2 * line.get("parameters").asLong());
    }

    @Test
    void aDirectoryThatHoldsSomethingIsReplacedOnlyByForce() throws Exception {
        Files.writeString(directory.resolve("notes.txt"), "mine");

        Ended refused = execute("make-checkpoint", "--shape=tiny", directory.toString());
        Ended forced = execute("make-checkpoint", "--shape=tiny", "--force", directory.toString());

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.errors().strip().lines()).hasSize(1);
        assertThat(refused.errors()).contains("is not empty; --force");
        assertThat(forced.exitCode()).isZero();
        assertThat(directory.resolve("config.json")).exists();
    }

    @Test
    void aFileInTheDirectorysPlaceIsWrongUsage() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "mine");

        Ended ended = execute("make-checkpoint", "--shape=tiny", file.toString());

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains("is a file and must be a directory");
    }

    @Test
    void aDirectoryThatCannotBeMadeFails() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "mine");

        Ended ended = execute("make-checkpoint", "--shape=tiny", file.resolve("model").toString());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors().strip().lines()).hasSize(1);
        assertThat(ended.errors()).contains("the checkpoint is not written");
    }

    private static synchronized Ended execute(String... words) {
        PrintStream outputBefore = System.out;
        PrintStream errorsBefore = System.err;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Sightmill.execute(words);
            return new Ended(
                    exitCode,
                    output.toString(StandardCharsets.UTF_8),
                    errors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outputBefore);
            System.setErr(errorsBefore);
        }
    }
}
