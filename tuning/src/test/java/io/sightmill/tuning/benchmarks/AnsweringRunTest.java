package io.sightmill.tuning.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.evaluate.EvaluationFailedException;
import io.sightmill.tuning.evaluate.Inquiry;
import io.sightmill.tuning.evaluate.Respondent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnsweringRunTest {

    private static final int QUESTIONS = 12;

    @TempDir private Path directory;

    private final List<String> problems = new ArrayList<>();
    private final BadEntries bad = new BadEntries(true, problems::add);
    private final List<String> asked = new ArrayList<>();
    private Path answers;

    @BeforeEach
    void writeImages() throws IOException {
        answers = directory.resolve("answers.jsonl");
        for (int number = 0; number < QUESTIONS; number++) {
            Files.writeString(directory.resolve(number + ".png"), "picture " + number);
        }
    }

    /** Says what it sees, four questions at a time and the last of them first. */
    private final class Backwards implements Respondent {

        private final List<Runnable> held = new ArrayList<>();

        @Override
        public void ask(Inquiry inquiry, Replies replies) {
            String seen =
                    inquiry.image()
                            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                            .orElse("nothing");
            asked.add(inquiry.asked().get(0).question());
            held.add(
                    () -> {
                        if (seen.equals("broken")) {
                            replies.failed(new EvaluationFailedException("it is broken"));
                        } else {
                            replies.answered(List.of(" " + seen + "\n"));
                        }
                    });
            if (held.size() == 4) {
                finish();
            }
        }

        @Override
        public void finish() {
            Collections.reverse(held);
            held.forEach(Runnable::run);
            held.clear();
        }

        @Override
        public void close() {}
    }

    private static List<BenchmarkQuestion> questions() {
        return IntStream.range(0, QUESTIONS)
                .mapToObj(
                        number ->
                                new BenchmarkQuestion(
                                        JsonNodeFactory.instance.numberNode(number),
                                        number == 5
                                                ? Optional.empty()
                                                : Optional.of(number + ".png"),
                                        "What is " + number + "?",
                                        "",
                                        "line " + (number + 1)))
                .toList();
    }

    private static ObjectNode description(String model) {
        return JsonNodeFactory.instance.objectNode().put("model", model);
    }

    private boolean run(int most) {
        try (AnsweringRun run = new AnsweringRun(answers, "m", description("m"))) {
            return run.run(
                    new Backwards(), questions(), directory, 16, bad, passed -> passed < most);
        }
    }

    @Test
    void writesAnswersInTheOrderOfTheQuestions() throws Exception {
        assertThat(run(Integer.MAX_VALUE)).isTrue();

        List<String> lines = Files.readAllLines(answers);
        assertThat(lines).hasSize(QUESTIONS);
        assertThat(lines.get(0))
                .startsWith(
                        "{\"question_id\":0,\"prompt\":\"What is 0?\",\"text\":\"picture 0\",\"answer_id\":\"")
                .endsWith("\"model_id\":\"m\",\"metadata\":{}}");
        assertThat(lines.get(5)).contains("\"text\":\"nothing\"");
        assertThat(GivenAnswer.read(answers, bad))
                .extracting(GivenAnswer::questionId)
                .isEqualTo(IntStream.range(0, QUESTIONS).mapToObj(String::valueOf).toList());
    }

    @Test
    void goesOnWhereAKilledRunStopped() throws Exception {
        run(Integer.MAX_VALUE);
        List<String> undisturbed = Files.readAllLines(answers);
        Files.delete(answers);
        Files.delete(directory.resolve("answers.jsonl.run.json"));
        asked.clear();

        assertThat(run(9)).isFalse();
        Files.writeString(answers, "{\"questi", StandardOpenOption.APPEND);
        assertThat(run(Integer.MAX_VALUE)).isTrue();

        assertThat(Files.readAllLines(answers)).isEqualTo(undisturbed);
        // Nine were asked, eight of them answered before it stopped.
        assertThat(asked).hasSize(9 + 4);
    }

    @Test
    void leavesOutAndReportsWhatCannotBeAsked() throws Exception {
        Files.delete(directory.resolve("3.png"));
        Files.writeString(directory.resolve("7.png"), "broken");

        assertThat(AnsweringRun.withImages(questions(), directory, bad)).hasSize(QUESTIONS - 1);
        run(Integer.MAX_VALUE);

        assertThat(Files.readAllLines(answers)).hasSize(QUESTIONS - 2);
        assertThat(problems.get(0))
                .isEqualTo("line 4: the image " + directory.resolve("3.png") + " is missing");
        assertThat(problems).contains("line 8: it is broken");
    }

    @Test
    void aNameThatLeadsOutOfTheFolderIsAMissingImage() {
        BenchmarkQuestion outside =
                new BenchmarkQuestion(
                        JsonNodeFactory.instance.textNode("q"),
                        Optional.of("../secret.png"),
                        "What?",
                        "",
                        "line 1");

        assertThat(AnsweringRun.withImages(List.of(outside), directory, bad)).isEmpty();
        assertThat(problems).hasSize(1);
    }

    @Test
    void answersOfAnotherModelOrOfNoRunAreNotTouched() throws Exception {
        run(Integer.MAX_VALUE);
        assertThatThrownBy(() -> new AnsweringRun(answers, "n", description("n")))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("holds answers with model m, not n");
        Files.delete(directory.resolve("answers.jsonl.run.json"));
        assertThatThrownBy(() -> new AnsweringRun(answers, "m", description("m")))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("no run wrote it that could go on");
    }
}
