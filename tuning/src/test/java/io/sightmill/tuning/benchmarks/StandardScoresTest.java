package io.sightmill.tuning.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.tuning.DataFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** POPE, TextVQA and LLaVA-Bench against what the authors' scripts make of the same files. */
class StandardScoresTest {

    private static final Path POPE_QUESTIONS = BenchmarkFiles.path("pope/questions.jsonl");
    private static final Path POPE_LABELS = BenchmarkFiles.path("pope/labels");
    private static final Path ANNOTATIONS = BenchmarkFiles.path("textvqa/annotations.json");

    @TempDir private Path directory;

    private final List<String> problems = new ArrayList<>();
    private final BadEntries bad = new BadEntries(true, problems::add);

    private List<GivenAnswer> answers(String benchmark) {
        return GivenAnswer.read(BenchmarkFiles.path(benchmark + "/answers.jsonl"), bad);
    }

    @Test
    void popeFindsWhatTheAuthorsScriptFinds() throws Exception {
        BenchmarkReport report =
                new Pope(POPE_QUESTIONS, POPE_LABELS, bad).score(answers("pope"), bad);

        double f1 = 0;
        for (Map.Entry<String, JsonNode> category : BenchmarkFiles.expected("pope").properties()) {
            for (Map.Entry<String, JsonNode> figure : category.getValue().properties()) {
                String key = category.getKey() + "." + figure.getKey();
                assertThat(BenchmarkFiles.value(report, key))
                        .as(key)
                        .isCloseTo(100 * figure.getValue().doubleValue(), within(1e-9));
            }
            f1 += 100 * category.getValue().get("f1").doubleValue() / 3;
        }
        assertThat(BenchmarkFiles.value(report, "f1")).isCloseTo(f1, within(1e-9));
        assertThat(problems).isEmpty();
    }

    @Test
    void popeRefusesLabelsOfOtherQuestions() throws Exception {
        Path labels = Files.createDirectory(directory.resolve("labels"));
        for (String category : List.of("adversarial", "popular", "random")) {
            String name = "coco_pope_" + category + ".json";
            List<String> lines = new ArrayList<>(Files.readAllLines(POPE_LABELS.resolve(name)));
            if (category.equals("popular")) {
                lines.set(4, lines.get(12));
            }
            Files.write(labels.resolve(name), lines);
        }

        assertThatThrownBy(() -> new Pope(POPE_QUESTIONS, labels, bad))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("questions.jsonl: line 35 asks 'Is there a")
                .hasMessageContaining("coco_pope_popular.json: line 5 is of another");
        Files.delete(labels.resolve("coco_pope_popular.json"));
        assertThatThrownBy(() -> new Pope(POPE_QUESTIONS, labels, bad))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("has no coco_pope_popular.json");
    }

    @Test
    void popeReportsAnswersToNothingAndQuestionsWithoutAny() {
        List<GivenAnswer> answers = new ArrayList<>(answers("pope").subList(3, 90));
        answers.add(new GivenAnswer("999", "", "Yes", "here"));
        answers.add(new GivenAnswer("7", "", "Yes", "there"));

        BenchmarkReport report = new Pope(POPE_QUESTIONS, POPE_LABELS, bad).score(answers, bad);

        assertThat(problems)
                .containsExactly(
                        "here: answers question 999, which is not asked",
                        "there: answers question 7 a second time",
                        "3 question(s) have no answer, the first of them "
                                + POPE_QUESTIONS
                                + ": line 1");
        assertThat(BenchmarkFiles.value(report, "adversarial.questions")).isEqualTo(27);
    }

    @Test
    void textVqaFindsWhatTheAuthorsScriptFinds() throws Exception {
        BenchmarkReport report =
                new TextVqa(ANNOTATIONS, Optional.empty(), bad).score(answers("textvqa"), bad);

        assertThat(problems).isEmpty();
        assertThat(BenchmarkFiles.value(report, "questions")).isEqualTo(40);
        assertThat(BenchmarkFiles.value(report, "accuracy"))
                .isCloseTo(
                        100 * BenchmarkFiles.expected("textvqa").get("accuracy").doubleValue(),
                        within(1e-9));
    }

    @Test
    void textVqaScoresAnswersToItsOwnQuestions() {
        TextVqa benchmark = new TextVqa(ANNOTATIONS, Optional.empty(), bad);
        List<GivenAnswer> answers =
                benchmark.questions().stream()
                        .map(each -> new GivenAnswer(each.key(), each.text(), "Nokia", "here"))
                        .toList();

        BenchmarkReport report = benchmark.score(answers, bad);

        assertThat(problems).isEmpty();
        assertThat(BenchmarkFiles.value(report, "questions")).isEqualTo(40);
    }

    @Test
    void textVqaReportsWhatFitsNoQuestion() {
        TextVqa benchmark = new TextVqa(ANNOTATIONS, Optional.empty(), bad);
        List<GivenAnswer> answers = new ArrayList<>(answers("textvqa"));
        answers.add(answers.get(0));
        answers.add(new GivenAnswer("nowhere", "What?\nShort.", "x", "line a"));
        answers.add(new GivenAnswer("nowhere", "What?", "x", "line b"));

        benchmark.score(answers, bad);

        assertThat(problems).hasSize(3);
        assertThat(problems.get(0)).contains("once more than it is asked");
        assertThat(problems.get(1))
                .isEqualTo("line a: answers 'what?' about nowhere, which is not asked");
        assertThat(problems.get(2)).startsWith("line b: 'prompt' is 'What?', which has none of");
    }

    @Test
    void textVqaNamesAnnotationsByTheirPlace() throws Exception {
        Path annotations =
                Files.writeString(
                        directory.resolve("a.json"),
                        "{\"data\": [{\"image_id\": \"i\", \"question\": \"q\", \"answers\": [\"1\"]}]}");

        assertThatThrownBy(() -> new TextVqa(annotations, Optional.empty(), bad))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("a.json: has no question");
        assertThat(problems)
                .containsExactly(
                        annotations + ": data 0: 'answers' has 1 entries and must have 10");
    }

    @Test
    void llavaBenchFindsWhatTheAuthorsScriptFinds() throws Exception {
        BenchmarkReport report =
                LlavaBench.relativeScores(BenchmarkFiles.path("llava-bench/reviews.jsonl"), bad);

        for (Map.Entry<String, JsonNode> category :
                BenchmarkFiles.expected("llavaBench").properties()) {
            List<String> keys = List.of("relative", "reference", "candidate");
            for (int index = 0; index < 3; index++) {
                // The script rounds to one decimal.
                assertThat(BenchmarkFiles.value(report, category.getKey() + "." + keys.get(index)))
                        .as(category.getKey() + " " + keys.get(index))
                        .isCloseTo(category.getValue().get(index).doubleValue(), within(0.0501));
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void llavaBenchReadsScoresInTheJudgesWordsAndReportsThoseItCannotRead() throws Exception {
        Path reviews =
                Files.writeString(
                        directory.resolve("reviews.jsonl"),
                        """
                        {"question_id": 1, "score": [8, 4]}
                        {"question_id": 2, "content": "10, 9\\nBoth."}
                        {"question_id": 3, "content": "8 6\\nBoth.", "tuple": [-1, -1]}
                        {"question_id": 4, "content": "They are good.", "tuple": [-1, -1]}
                        {"question_id": 5, "content": "7 NaN"}
                        """);

        BenchmarkReport report = LlavaBench.relativeScores(reviews, bad);

        assertThat(BenchmarkFiles.value(report, "all.reviews")).isEqualTo(2);
        assertThat(BenchmarkFiles.value(report, "all.relative"))
                .isCloseTo(100.0 * (4 + 6) / (8 + 8), within(1e-9));
        assertThat(problems)
                .hasSize(3)
                .allMatch(problem -> problem.contains("has no two scores in 'tuple'"));
    }
}
