package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.Lane;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.SequenceDriver;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TaskKind;
import io.sightmill.engine.TokenLogProbabilities;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Expected figures are those of transformers 5.18 (torch 2.13, float32) on the same logits with
 * prompt 1 3 3 6 1: {@code RepetitionPenaltyLogitsProcessor(p)}, {@code
 * SequenceBiasLogitsProcessor({(2,): -1.5, (3,): 0.75})}, {@code
 * MinNewTokensLengthLogitsProcessor(n, 5, [6])} in a {@code LogitsProcessorList}, and {@code
 * torch.log_softmax} in float64.
 */
class LogitAdjustmentTest {

    private static final float[] LOGITS = {1.5f, -2, 0.25f, 3, -0.5f, 0, 2.75f, -4};
    private static final Map<Integer, Double> BIAS = Map.of(2, -1.5, 3, 0.75);

    private final LogitAdjustment adjustment = new LogitAdjustment(Set.of(6));

    @Test
    void penalisesWhatStandsInThePromptAsTheReferenceDoes() {
        assertThat(adjusted(options(0, Map.of(), 1.3)))
                .containsExactly(1.5f, -2.5999999f, 0.25f, 2.3076923f, -0.5f, 0, 2.1153846f, -4);
        assertThat(adjusted(options(0, Map.of(), 0.8)))
                .containsExactly(1.5f, -1.6f, 0.25f, 3.75f, -0.5f, 0, 3.4375f, -4);
    }

    @Test
    void penalisesWhatHasBeenGeneratedToo() {
        Sequence sequence = sequence(options(0, Map.of(), 2), 4);

        assertThat(adjustment.adjusted(LOGITS, sequence))
                .containsExactly(1.5f, -4, 0.25f, 1.5f, -1, 0, 1.375f, -4);
    }

    @Test
    void biasGoesBeforeThePenaltyAndTheLeastLengthAfterIt() {
        float[] adjusted = adjusted(options(3, BIAS, 1.3));

        assertThat(adjusted)
                .containsExactly(
                        1.5f, -2.5999999f, -1.25f, 2.8846154f, -0.5f, 0, -Float.MAX_VALUE, -4);
    }

    @Test
    void theEndTokenMayNotComeWhileOneTokenIsMissing() {
        Sequence sequence = sequence(options(2, Map.of(), 1), 4);

        assertThat(adjustment.adjusted(LOGITS, sequence)).contains(-Float.MAX_VALUE);
    }

    @Test
    void theEndTokenMayComeOnceTheLeastLengthIsReached() {
        Sequence sequence = sequence(options(1, Map.of(), 1), 4);

        assertThat(adjustment.adjusted(LOGITS, sequence)).isSameAs(LOGITS);
    }

    @Test
    void aBiasCannotPassForAFaultOfTheModelNorReachOutsideTheVocabulary() {
        float[] adjusted = adjusted(options(0, Map.of(0, 1e300, 1, -1e300, -5, 1.0, 900, 1.0), 1));

        assertThat(adjusted[0]).isEqualTo(Float.MAX_VALUE);
        assertThat(adjusted[1]).isEqualTo(-Float.MAX_VALUE);
        assertThat(TokenSampler.next(adjusted, options(0, Map.of(), 1), 0)).isZero();
    }

    @Test
    void logProbabilitiesAreThoseOfTheModelItself() {
        TokenLogProbabilities one = LogProbabilities.of(LOGITS, 2, 3);

        assertThat(one.tokenId()).isEqualTo(2);
        assertThat(one.logProbability()).isCloseTo(-3.5170912145393154, within(1e-12));
        assertThat(one.topTokenIds()).containsExactly(3, 6, 0);
        assertThat(one.topLogProbabilities())
                .containsExactly(
                        new double[] {
                            -0.7670912145393155, -1.0170912145393154, -2.2670912145393154
                        },
                        within(1e-12));
    }

    private float[] adjusted(GenerationOptions options) {
        return adjustment.adjusted(LOGITS, sequence(options));
    }

    /** A sequence with the prompt of the reference's figures, and an image's token. */
    private static Sequence sequence(GenerationOptions options, int... generated) {
        Prompt prompt = new Prompt(new int[] {1, 3, 3, 6, 1, -200, 9_999}, List.of());
        PreparedTask task = new PreparedTask("t", TaskKind.GENERATE, prompt, List.of(), options);
        Sequence sequence = new Sequence(new SequenceRequest("r", Lane.LIVE, task, generated));
        SequenceDriver.replay(sequence);
        return sequence;
    }

    private static GenerationOptions options(int least, Map<Integer, Double> bias, double penalty) {
        return new GenerationOptions(9, least, 0, 1, 0, 0, List.of(), bias, penalty, -1);
    }
}
