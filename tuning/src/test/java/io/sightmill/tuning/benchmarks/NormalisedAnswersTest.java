package io.sightmill.tuning.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rules for single answers against the figures of the scripts they come from. */
class NormalisedAnswersTest {

    private static JsonNode reference(String key) throws IOException {
        return BenchmarkFiles.json("evaluators.json").get(key);
    }

    @Test
    void answersAreMadeAlikeAsTheReferenceDoes() throws IOException {
        for (Map.Entry<String, JsonNode> each : reference("evalai_normalise").properties()) {
            assertThat(EvalAiNormaliser.normalise(each.getKey()))
                    .as("'%s'", each.getKey())
                    .isEqualTo(each.getValue().textValue());
        }
    }

    @Test
    void answersOfEveryOddityAreMadeAlikeToo() throws IOException {
        for (JsonNode each : BenchmarkFiles.lines("normalised.jsonl")) {
            assertThat(EvalAiNormaliser.normalise(each.get("answer").textValue()))
                    .as("'%s'", each.get("answer").textValue())
                    .isEqualTo(each.get("normalised").textValue());
        }
    }

    @Test
    void anAnswerIsWorthItsVotes() throws IOException {
        JsonNode scores = reference("textvqa_score_by_votes_1_to_10");
        for (int votes = 1; votes <= 10; votes++) {
            assertThat(votes(votes).worth("A cat."))
                    .as("%d votes", votes)
                    .isEqualTo(scores.get(votes - 1).doubleValue());
        }
        assertThat(votes(0).worth("cat")).isZero();
    }

    @Test
    void theMeanOfSeveralIsEqualToTheLastBit() throws IOException {
        double sum = 0;
        for (int votes : new int[] {0, 3, 4, 1}) {
            sum += votes(votes).worth("cat");
        }
        assertThat(sum / 4).isEqualTo(reference("textvqa_accuracy_4cases").doubleValue());
    }

    private static VotedAnswers votes(int forACat) {
        List<String> answers = new ArrayList<>();
        IntStream.range(0, 10).forEach(i -> answers.add(i < forACat ? "the cat" : "thing " + i));
        return new VotedAnswers(answers);
    }

    @Test
    void yesAndNoAreReadAsPopeReadsThem() throws IOException {
        for (Map.Entry<String, JsonNode> each : reference("pope_rule").properties()) {
            assertThat(YesOrNo.saysYes(each.getKey()) ? "yes" : "no")
                    .as("'%s'", each.getKey())
                    .isEqualTo(each.getValue().textValue());
        }
    }
}
