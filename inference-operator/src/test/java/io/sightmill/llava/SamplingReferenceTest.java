package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightmill.engine.GenerationOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What may be drawn, and how often, against transformers 5.18 (torch 2.13, float32): {@code
 * TemperatureLogitsWarper}, {@code TopKLogitsWarper} and {@code TopPLogitsWarper} in this order on
 * random logits, the tokens that are left and the float64 softmax over them. Cases with equal
 * logits have neither cut, for the reference's sort does not say which of equals it keeps.
 */
class SamplingReferenceTest {

    private static final int DRAWS = 2_000;

    @Test
    void drawsFromTheTokensThatTheReferenceLeaves() throws IOException {
        for (JsonNode reference : ReferenceFiles.json("sampling/sampling.json")) {
            TreeMap<Integer, Double> expected = new TreeMap<>();
            for (int i = 0; i < reference.get("kept").size(); i++) {
                expected.put(
                        reference.get("kept").get(i).asInt(),
                        reference.get("probabilities").get(i).asDouble());
            }

            TreeMap<Integer, Double> drawn = draw(reference);

            assertThat(expected.keySet()).containsAll(drawn.keySet());
            expected.forEach(
                    (id, probability) -> {
                        // Five standard deviations of a binomial share, and a little for none.
                        double spread = Math.sqrt(probability * (1 - probability) / DRAWS);
                        assertThat(drawn.getOrDefault(id, 0.0))
                                .as("share of token %d in %s", id, reference)
                                .isCloseTo(probability, within(5 * spread + 1e-3));
                    });
        }
    }

    @Test
    void keepsExactlyTheTokensThatTheReferenceKeeps() throws IOException {
        for (JsonNode reference : ReferenceFiles.json("sampling/sampling.json")) {
            float[] logits = logits(reference);
            double temperature = reference.get("temperature").asDouble();
            double topP = reference.get("topP").asDouble();
            int topK = reference.get("topK").asInt();
            if (topK == 0 && topP == 1) {
                continue;
            }
            float highest = logits[TokenSampler.mostLikely(logits)];
            SoftmaxWeights weights = new SoftmaxWeights(logits, highest, temperature);
            int[] kept = topK > 0 ? weights.likeliest(topK) : weights.reaching(topP);
            if (topK > 0 && topP < 1) {
                kept = weights.reaching(topP * weights.sum(kept), kept);
            }

            Arrays.sort(kept);

            assertThat(kept).isEqualTo(ReferenceFiles.ids(reference.get("kept")));
        }
    }

    private static TreeMap<Integer, Double> draw(JsonNode reference) {
        GenerationOptions options =
                new GenerationOptions(
                        1,
                        reference.get("temperature").asDouble(),
                        reference.get("topP").asDouble(),
                        reference.get("topK").asInt(),
                        11,
                        List.of());
        float[] logits = logits(reference);
        TreeMap<Integer, Double> shares = new TreeMap<>();
        for (int index = 0; index < DRAWS; index++) {
            shares.merge(TokenSampler.next(logits, options, index), 1.0 / DRAWS, Double::sum);
        }
        return shares;
    }

    private static float[] logits(JsonNode reference) {
        float[] logits = new float[reference.get("logits").size()];
        for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) reference.get("logits").get(id).asDouble();
        }
        return logits;
    }
}
