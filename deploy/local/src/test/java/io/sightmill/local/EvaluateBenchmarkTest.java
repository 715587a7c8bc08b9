package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tune evaluate BENCHMARK}, from a model and files to answers and scores. */
class EvaluateBenchmarkTest {

    private static final String MODEL =
            SightmillProcess.projectRoot()
                    .resolve("inference-operator/src/test/resources/golden/tiny-llava")
                    .toString();

    @TempDir private Path directory;

    private record Ended(int exitCode, String output, String errors) {}

    @BeforeEach
    void writeFiles() throws IOException {
        Path picture = Files.createDirectories(directory.resolve("images/test/1"));
        BufferedImage image = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(image, "png", picture.resolve("image.png").toFile());
        ImageIO.write(image, "png", directory.resolve("images/a.png").toFile());
        write(
                "problems.json",
                """
                {"1": {"question": "Which?", "choices": ["x", "y"], "answer": 0, "hint": "",
                       "image": "image.png", "grade": "grade2", "subject": "natural science"},
                 "2": {"question": "Why?", "choices": ["x", "y"], "answer": 1, "hint": "So.",
                       "image": null, "grade": "grade9", "subject": "language science"}}
                """);
        write("splits.json", "{\"test\": [\"1\", \"2\"]}");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Ended scienceQa(String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "tune",
                                "evaluate",
                                "scienceqa",
                                "--problems",
                                directory.resolve("problems.json").toString(),
                                "--splits",
                                directory.resolve("splits.json").toString(),
                                directory.resolve("answers.jsonl").toString()));
        words.addAll(Arrays.asList(more));
        return execute(words.toArray(String[]::new));
    }

    @Test
    void asksAModelWritesItsAnswersAndScoresThem() throws Exception {
        String images = directory.resolve("images").toString();

        Ended ended =
                scienceQa("--model", MODEL, "--images", images, "--max-new-tokens", "4", "--json");

        assertThat(ended.errors()).doesNotContain("bad:");
        assertThat(ended.exitCode()).isZero();
        JsonNode report = new ObjectMapper().readTree(ended.output());
        assertThat(report.get("benchmark").textValue()).isEqualTo("scienceqa");
        assertThat(report.get("questions").intValue()).isEqualTo(2);
        assertThat(report.get("unanswered").intValue()).isZero();
        List<String> answers = Files.readAllLines(directory.resolve("answers.jsonl"));
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).contains("\"question_id\":\"1\"", "\"model_id\":\"tiny-llava\"");

        // The same files, without the model, score the same.
        Ended again = scienceQa("--json");
        assertThat(again.output()).isEqualTo(ended.output());
    }

    @Test
    void scoresAnAnswersFileAsATable() throws Exception {
        write(
                "answers.jsonl",
                """
                {"question_id": "1", "prompt": "<image>", "text": "A"}
                {"question_id": "2", "prompt": "", "text": "The answer is A."}
                """);

        Ended ended = scienceQa();

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).contains("accuracy").contains("50.00 %").contains("100.00 %");
    }

    @Test
    void aBadLineIsNamedAndRefusedOrLeftOut() throws Exception {
        Path answers =
                write("answers.jsonl", "{\"question_id\": \"1\", \"text\": \"A\"}\nnonsense\n");

        Ended refused = scienceQa();
        Ended without = scienceQa("--skip-bad", "--json");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).isEmpty();
        assertThat(refused.errors())
                .contains("bad: " + answers + ": line 2: is no JSON")
                .contains("1 bad entry or entries");
        assertThat(without.exitCode()).isZero();
        JsonNode report = new ObjectMapper().readTree(without.output());
        assertThat(report.get("badEntries").intValue()).isEqualTo(1);
        assertThat(report.get("unanswered").intValue()).isEqualTo(1);
    }

    @Test
    void aMissingPictureIsNamedBeforeTheModelIsLoaded() throws Exception {
        Path questions =
                write(
                        "questions.jsonl",
                        "{\"question_id\": 1, \"image\": \"b.png\", \"text\": \"What?\", \"category\": \"conv\"}\n");

        Ended ended =
                execute(
                        "tune",
                        "evaluate",
                        "llava-bench",
                        "--questions",
                        questions.toString(),
                        "--model",
                        MODEL,
                        "--images",
                        directory.resolve("images").toString(),
                        directory.resolve("answers.jsonl").toString());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors())
                .contains(questions + ": line 1: the image")
                .contains("b.png is missing");
        assertThat(directory.resolve("answers.jsonl")).doesNotExist();
    }

    @Test
    void scoresJudgeReviews() throws Exception {
        Path reviews =
                write(
                        "reviews.jsonl",
                        "{\"question_id\": 1, \"category\": \"llava_bench_conv\", \"tuple\": [8, 6]}\n");

        Ended ended =
                execute(
                        "tune",
                        "evaluate",
                        "llava-bench",
                        "--reviews",
                        reviews.toString(),
                        "--json");

        assertThat(ended.exitCode()).isZero();
        JsonNode report = new ObjectMapper().readTree(ended.output());
        assertThat(report.get("llava_bench_conv.relative").doubleValue()).isEqualTo(75);
        assertThat(report.get("all.relative").doubleValue()).isEqualTo(75);
    }

    @Test
    void aModelWithoutItsPicturesIsWrongUsage() {
        Ended ended = scienceQa("--model", MODEL);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors()).contains("--model needs --images");
    }

    private static synchronized Ended execute(String... words) {
        PrintStream output = System.out;
        PrintStream errors = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Sightmill.execute(words);
            return new Ended(
                    exitCode,
                    written.toString(StandardCharsets.UTF_8),
                    complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(output);
            System.setErr(errors);
        }
    }
}
