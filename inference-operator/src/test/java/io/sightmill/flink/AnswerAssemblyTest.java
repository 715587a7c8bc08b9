package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.FinishReason;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.Lane;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.SequenceTimings;
import io.sightmill.engine.TaskKind;
import io.sightmill.engine.TokenLogProbabilities;
import io.sightmill.schema.Answer;
import io.sightmill.schema.LikelyToken;
import io.sightmill.schema.TokenLogProbability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerAssemblyTest {

    private final AnswerAssembly answers =
            new AnswerAssembly(
                    new ModelDescription("model", "0".repeat(64), 100, Set.of()),
                    AnswerAssemblyTest::text);

    @Test
    void anAnswerTellsHowLikelyItsTokensWereAndWhatWasNotComputed() {
        Answer answer = answer(TaskKind.GENERATE, FinishReason.LENGTH);

        assertThat(answer.getTokenLogProbabilities())
                .containsExactly(
                        new TokenLogProbability(
                                7,
                                -0.5,
                                List.of(
                                        new LikelyToken(7, -0.5, "seven"),
                                        new LikelyToken(9, -2.0, "nine")),
                                "seven"));
        assertThat(answer.getUsage().getCachedTokens()).isEqualTo(2);
    }

    @Test
    void aTokensTextIsWhatItAddsInItsPlace() {
        TokenTexts texts = new TokenTexts(AnswerAssemblyTest::text);
        int[] tokens = {9, 7, 0xC3, 0xA9};

        assertThat(texts.text(tokens, 0, 9)).isEqualTo("nine");
        assertThat(texts.text(tokens, 1, 7)).isEqualTo(" seven");
        assertThat(texts.text(tokens, 2, 0xC3)).isEqualTo(" \uFFFD");
        assertThat(texts.text(tokens, 3, 0xA9)).isEqualTo("é");
        assertThat(texts.text(tokens, 3, 7)).isEqualTo(" seven");
    }

    /** Words with blanks between them, and one of two bytes. */
    private static String text(int[] tokens) {
        String words =
                IntStream.of(tokens)
                        .mapToObj(
                                token ->
                                        switch (token) {
                                            case 7 -> " seven";
                                            case 9 -> " nine";
                                            case 0xC3 -> " \uFFFD";
                                            default -> "+";
                                        })
                        .collect(Collectors.joining());
        return words.strip().replace("\uFFFD+", "é");
    }

    @Test
    void labelsAndVectorsThatWereLateAreALateAnswer() {
        for (TaskKind kind : List.of(TaskKind.SCORE, TaskKind.EMBED)) {
            Answer answer = answer(kind, FinishReason.LATE);

            assertThat(answer.getFinishReason()).isEqualTo(io.sightmill.schema.FinishReason.LATE);
            assertThat(answer.getLabelScores()).isEmpty();
        }
    }

    private Answer answer(TaskKind kind, FinishReason reason) {
        PreparedTask task =
                new PreparedTask(
                        "t",
                        kind,
                        new Prompt(new int[3], List.of()),
                        List.of(new int[1]),
                        GenerationOptions.greedy(1));
        SequenceResult result =
                new SequenceResult(
                        new SequenceRequest("r", Lane.LIVE, task),
                        new int[] {7},
                        "g",
                        List.of(
                                new TokenLogProbabilities(
                                        7, -0.5, new int[] {7, 9}, new double[] {-0.5, -2})),
                        new double[0],
                        List.of(),
                        reason,
                        2,
                        new SequenceTimings(
                                Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        RequestOutline outline =
                RequestOutline.of(Requests.request("r", Requests.ask("t", "q", 1)));
        PreparedRecord record =
                new PreparedRecord(
                        outline,
                        "",
                        Optional.empty(),
                        List.of(task),
                        List.of(),
                        false,
                        Duration.ZERO);
        return answers.outcome(record, result).answer().orElseThrow();
    }
}
