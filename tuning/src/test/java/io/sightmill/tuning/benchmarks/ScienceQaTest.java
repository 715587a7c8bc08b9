package io.sightmill.tuning.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.evaluate.EvaluationFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScienceQaTest {

    private static final Path PROBLEMS = BenchmarkFiles.path("scienceqa/problems.json");
    private static final Path SPLITS = BenchmarkFiles.path("scienceqa/pid_splits.json");
    private static final Path ANSWERS = BenchmarkFiles.path("scienceqa/answers.jsonl");

    @TempDir private Path directory;

    private final List<String> problems = new ArrayList<>();
    private final BadEntries bad = new BadEntries(false, problems::add);

    @Test
    void findsTheAccuracyThatTheAuthorsScriptFinds() throws Exception {
        BadEntries none = BenchmarkFiles.none();
        BenchmarkReport report =
                new ScienceQa(PROBLEMS, SPLITS, "test", none)
                        .score(GivenAnswer.read(ANSWERS, none), none);

        for (Map.Entry<String, JsonNode> each : BenchmarkFiles.expected("scienceqa").properties()) {
            if (each.getValue().isNumber()) {
                assertThat(BenchmarkFiles.value(report, each.getKey()))
                        .as(each.getKey())
                        .isCloseTo(each.getValue().doubleValue(), within(1e-9));
            }
        }
    }

    @Test
    void choosesWhatTheAuthorsScriptChooses() throws Exception {
        JsonNode chosen = BenchmarkFiles.expected("scienceqa").get("chosen");
        JsonNode all = BenchmarkFiles.json("scienceqa/problems.json");
        for (GivenAnswer answer : GivenAnswer.read(ANSWERS, BenchmarkFiles.none())) {
            JsonNode expected = chosen.get(answer.questionId());
            if (expected != null) {
                int choices = all.get(answer.questionId()).get("choices").size();
                int index =
                        ChosenLetter.in(answer.text())
                                .map(ScienceProblem.LETTERS::indexOf)
                                .orElse(-1);
                assertThat(index < choices ? index : -1)
                        .as(answer.text())
                        .isEqualTo(expected.intValue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "B | B",
                "B. a cat | B",
                "The answer is B. | B",
                "Because it is. The answer is B, surely | B",
                "The answer is Bees | B",
                "B.|",
                "B) a cat|",
                "b|",
                "F|",
                "The answer is B|",
                "The answer is B. The answer is C.|",
                "~~|",
            })
    void readsALetterByTheAuthorsRule(String answer, Character letter) {
        assertThat(ChosenLetter.in(answer)).isEqualTo(Optional.ofNullable(letter));
    }

    @Test
    void asksContextQuestionAndChoicesInTheAuthorsOrder() {
        ScienceProblem problem =
                new ScienceProblem("7", "Which?", List.of("a", "b"), 1, "", true, "", 0);

        assertThat(problem.prompt())
                .isEqualTo("Context: N/A\nQuestion: Which?\nOptions: (A) a (B) b");
    }

    @Test
    void aPictureIsInTheFolderOfItsProblem() throws Exception {
        ScienceQa benchmark = new ScienceQa(PROBLEMS, SPLITS, "test", bad);

        assertThat(benchmark.questions())
                .allMatch(
                        question ->
                                question.image().isEmpty()
                                        || question.image()
                                                .get()
                                                .equals(question.key() + "/image.png"));
        assertThat(benchmark.imageFolder(directory)).isEqualTo(directory);
        Path inside = Files.createDirectory(directory.resolve("test"));
        assertThat(benchmark.imageFolder(directory)).isEqualTo(inside);
    }

    @Test
    void namesBrokenProblemsAndSplits() throws Exception {
        Path broken = Files.writeString(directory.resolve("p.json"), "{\n\"1\": {,");
        Path few =
                Files.writeString(
                        directory.resolve("few.json"),
                        "{\"1\": {\"question\": \"q\", \"choices\": [\"a\"], \"answer\": 1}}");
        Path splits = Files.writeString(directory.resolve("s.json"), "{\"test\": [\"1\", \"2\"]}");

        assertThatThrownBy(() -> new ScienceQa(broken, splits, "test", bad))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("p.json: line 2: is no JSON");
        assertThatThrownBy(() -> new ScienceQa(few, splits, "dev", bad))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("s.json: 'dev' is missing or no list");
        assertThatThrownBy(() -> new ScienceQa(few, splits, "test", bad))
                .isInstanceOf(EvaluationFailedException.class)
                .hasMessageContaining("2 bad entry or entries");
        assertThat(problems)
                .containsExactly(
                        few + ": problem 1: 'answer' is 1 and must be from 0 to 0",
                        few + ": problem 2: is missing or no JSON object");
    }

    @Test
    void namesBrokenAnswersByLine() throws Exception {
        Path answers =
                Files.writeString(
                        directory.resolve("answers.jsonl"),
                        """
                        {"question_id": "100", "prompt": "q", "text": "A"}
                        {"question_id": "100", "text"
                        {"question_id": [], "text": "A"}
                        {"question_id": 101}
                        {"question_id": 100, "text": "B"}
                        """);

        List<GivenAnswer> read = GivenAnswer.read(answers, bad);
        new ScienceQa(PROBLEMS, SPLITS, "test", bad).score(read, bad);

        assertThat(problems).hasSize(4);
        assertThat(problems.get(0)).startsWith(answers + ": line 2: is no JSON");
        assertThat(problems.get(1)).startsWith(answers + ": line 3: 'question_id' is []");
        assertThat(problems.get(2)).startsWith(answers + ": line 4: 'text' is missing");
        assertThat(problems.get(3)).startsWith(answers + ": line 5: question 100 is answered a");
        assertThatThrownBy(bad::settle)
                .isInstanceOf(EvaluationFailedException.class)
                .hasMessageContaining("4 bad entry or entries")
                .hasMessageContaining("--skip-bad");
    }
}
