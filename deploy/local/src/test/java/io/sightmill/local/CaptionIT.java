package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in processes of its own, on the model in the box. */
class CaptionIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path EXAMPLES = Path.of("examples").toAbsolutePath();

    @TempDir private Path directory;

    @Test
    void everyExampleGetsItsCaptionOnceAndNoneIsAskedAgain() throws Exception {
        String data = directory.resolve("data").toString();

        List<JsonNode> first = caption(0, EXAMPLES, "--data", data);
        List<JsonNode> second = caption(0, EXAMPLES, "--data", data);

        assertThat(first).hasSize(12);
        assertThat(first).allMatch(line -> line.get("status").asText().equals("answered"));
        assertThat(byPath(second)).isEqualTo(byPath(first));
        assertThat(Outcomes.committedIn(Path.of(data)).answers().values())
                .hasSize(12)
                .containsOnly(1);
        tailShowsTheAnswers(data);
    }

    @Test
    void aQuestionIsAnsweredOnStandardOutput() {
        try (SightmillProcess ask =
                SightmillProcess.start(
                        directory,
                        "ask",
                        EXAMPLES.resolve("scene-01.png"),
                        "What colour is the circle?",
                        "--max-new-tokens",
                        "8",
                        "--data",
                        directory.resolve("data"))) {
            assertThat(ask.exitCode(PATIENCE)).as(ask::errors).isZero();
            assertThat(ask.output().strip()).isNotEmpty();
        }
    }

    @Test
    void everyKindOfBrokenFileIsRejectedForItsReasonAndCostsOnlyItself() throws Exception {
        MixedFolder folder = MixedFolder.create(directory.resolve("images"), 3);
        folder.addOversized(300_000);
        Path pixel = folder.addSinglePixel();
        Path missing = directory.resolve("missing.png");
        Path out = directory.resolve("captions.jsonl");

        try (SightmillProcess caption =
                SightmillProcess.start(
                        directory,
                        "caption",
                        folder.directory(),
                        missing,
                        "--max-image-bytes",
                        "200000",
                        "--max-new-tokens",
                        "8",
                        "--out",
                        out,
                        "--data",
                        directory.resolve("data"))) {
            assertThat(caption.exitCode(PATIENCE)).as(caption::errors).isZero();
            assertThat(caption.errors()).contains("4 answered, 7 rejected");
        }

        Map<String, JsonNode> lines = byPath(JsonLines.parse(Files.readString(out)));
        assertThat(lines).hasSize(11);
        folder.expectedReasons()
                .forEach((file, reason) -> assertRejected(lines, file, "PREPROCESS", reason));
        assertRejected(lines, missing, "READ", "IMAGE_UNAVAILABLE");
        assertThat(lines.get(pixel.toString()).get("status").asText()).isEqualTo("answered");
        IntStream.range(0, 3)
                .mapToObj(index -> "good-%04d.%s".formatted(index, index % 2 == 0 ? "png" : "jpg"))
                .map(name -> lines.get(folder.directory().resolve(name).toString()))
                .forEach(line -> assertThat(line.get("status").asText()).isEqualTo("answered"));
    }

    @Test
    void anEmptyInstructionIsRejectedForEveryImageAndTheExitStatusCanTell() {
        try (SightmillProcess caption =
                SightmillProcess.start(
                        directory,
                        "caption",
                        EXAMPLES.resolve("scene-01.png"),
                        EXAMPLES.resolve("scene-02.jpg"),
                        "--instruction",
                        "",
                        "--fail-on-rejection",
                        "--data",
                        directory.resolve("data"))) {
            assertThat(caption.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(JsonLines.parse(caption.output()))
                    .hasSize(2)
                    .allMatch(line -> line.get("stage").asText().equals("INGEST"))
                    .allMatch(line -> line.get("reason").asText().equals("EMPTY_INSTRUCTION"));
            assertThat(caption.errors()).contains("0 answered, 2 rejected");
        }
    }

    private void assertRejected(
            Map<String, JsonNode> lines, Path file, String stage, String reason) {
        JsonNode line = lines.get(file.toString());
        assertThat(line).as("line of %s", file).isNotNull();
        assertThat(line.get("status").asText()).isEqualTo("rejected");
        boolean tooLarge = reason.equals("TOO_LARGE");
        assertThat(line.get("reason").asText()).as("reason of %s", file).isEqualTo(reason);
        // Size and emptiness are seen before the operator looks at pixels.
        if (!tooLarge && !reason.equals("EMPTY_IMAGE")) {
            assertThat(line.get("stage").asText()).as("stage of %s", file).isEqualTo(stage);
        }
        assertThat(line.get("message").asText()).isNotBlank();
    }

    private void tailShowsTheAnswers(String data) {
        try (SightmillProcess tail =
                SightmillProcess.start(
                        directory, "topics", "tail", "answers", "-n", "5", "--data", data)) {
            assertThat(tail.exitCode(PATIENCE)).as(tail::errors).isZero();
            assertThat(JsonLines.parse(tail.output()))
                    .hasSize(5)
                    .allMatch(line -> line.get("kind").asText().equals("CAPTION"))
                    .allMatch(line -> line.at("/_kafka/offset").isNumber());
        }
    }

    private List<JsonNode> caption(int expectedExit, Object... arguments) {
        Object[] all =
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("caption"),
                                java.util.stream.Stream.of(arguments))
                        .toArray();
        try (SightmillProcess caption = SightmillProcess.start(directory, all)) {
            assertThat(caption.exitCode(PATIENCE)).as(caption::errors).isEqualTo(expectedExit);
            return JsonLines.parse(caption.output());
        }
    }

    private static Map<String, JsonNode> byPath(List<JsonNode> lines) {
        return lines.stream()
                .collect(Collectors.toMap(line -> line.get("path").asText(), Function.identity()));
    }
}
