package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sightmill.engine.SequenceRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What measured times are turned into; that all of it is measured, the command's test shows. */
class EngineBenchmarkTest {

    private static final LlavaConfig CONFIG = LlavaConfig.read(ReferenceFiles.path("tiny-llava"));
    private static final Set<LinearLayer> DECODER =
            EnumSet.of(LinearLayer.TEXT_ATTENTION, LinearLayer.TEXT_GATE_UP, LinearLayer.TEXT_DOWN);

    @Test
    void aDecodeStepReadsTheWeightsOfAllProductsAndTheKeysAndValues() {
        ModelWork work =
                new ModelWork(CONFIG, Precision.INT8, LinearForm.WIDENED_INT8, LinearForm.BFLOAT16);

        double weights = elements(DECODER) + 2.0 * elements(Set.of(LinearLayer.TEXT_HEAD));
        double kv = 3.0 * 100 * CONFIG.text().kvElementsPerToken() * Short.BYTES;
        assertThat(work.decodeBytes(3, 100)).isEqualTo(weights + kv);
    }

    @Test
    void aPromptTakesTwoOperationsAWeightAndAPosition() {
        ModelWork work =
                new ModelWork(CONFIG, Precision.FLOAT32, LinearForm.FLOAT32, LinearForm.FLOAT32);
        TextConfig text = CONFIG.text();

        // Position i attends to i keys, its own included: 1 + 2 + 3.
        double attention = 4.0 * 6 * text.layers() * text.heads() * text.headWidth();
        double products = 3 * elements(DECODER) + elements(Set.of(LinearLayer.TEXT_HEAD));
        assertThat(work.prefillOperations(3)).isCloseTo(2 * products + attention, within(1.0));
    }

    @Test
    void anImageTakesTwoOperationsAWeightAndAPosition() {
        ModelWork work =
                new ModelWork(CONFIG, Precision.FLOAT32, LinearForm.FLOAT32, LinearForm.FLOAT32);
        VisionConfig vision = CONFIG.vision();

        double rows = vision.patches() + 1.0;
        double layers =
                elements(EnumSet.of(LinearLayer.VISION_ATTENTION, LinearLayer.VISION_FEED_FORWARD));
        double patches = elements(Set.of(LinearLayer.VISION_PATCHES));
        double attention = 4 * rows * rows * vision.hiddenSize() * CONFIG.visionLayersRun();
        assertThat(work.encodeOperations())
                .isCloseTo(
                        2 * rows * layers + 2 * vision.patches() * patches + attention,
                        within(1.0));
    }

    @Test
    void quantilesAreMeasuredValues() {
        Timings timings = new Timings(List.of(4.0, 1.0, 3.0, 2.0));

        assertThat(timings.best()).isEqualTo(1);
        assertThat(timings.median()).isEqualTo(2);
        assertThat(timings.quantile(0.99)).isEqualTo(4);
    }

    @Test
    void aTargetIsReachedFromItsOwnSide() {
        assertThat(BenchmarkTarget.atLeast(2).isReached(1.9)).isFalse();
        assertThat(BenchmarkTarget.atLeast(2).progress(1)).isEqualTo(0.5);
        assertThat(BenchmarkTarget.atMost(2).isReached(1.9)).isTrue();
        assertThat(BenchmarkTarget.atMost(2).progress(4)).isEqualTo(0.5);
    }

    @Test
    void aPartBringsWhatItIsComparedWith() {
        assertThat(BenchmarkPart.withNeeded(EnumSet.of(BenchmarkPart.MIXED)))
                .containsExactly(
                        BenchmarkPart.ROOFLINE,
                        BenchmarkPart.ENCODE,
                        BenchmarkPart.PREFILL,
                        BenchmarkPart.DECODE,
                        BenchmarkPart.MIXED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BenchmarkPart.of("speed"))
                .withMessageContaining("roofline, encode");
    }

    @Test
    void aSeedGivesTheSameLoadOnEveryRun() {
        List<SequenceRequest> once = new BenchmarkLoads(CONFIG, 7).mixed(64);
        List<SequenceRequest> again = new BenchmarkLoads(CONFIG, 7).mixed(64);

        assertThat(lengths(once)).isEqualTo(lengths(again));
        assertThat(lengths(once)).allMatch(length -> length >= 8 && length <= 256);
        assertThat(lengths(once).stream().filter(length -> length < 45).count())
                .isBetween(20L, 44L);
        assertThat(new BenchmarkLoads(CONFIG, 7).arrivals(9, 2))
                .isSorted()
                .isEqualTo(new BenchmarkLoads(CONFIG, 7).arrivals(9, 2));
    }

    @Test
    void tasksOfOneRecordHaveTheirBeginningInCommonAndSeparateOnesNot() {
        List<SequenceRequest> tasks = new BenchmarkLoads(CONFIG, 7).tasksOnOneImage(5);
        List<SequenceRequest> apart = new BenchmarkLoads(CONFIG, 7).separateTasks(5);

        assertThat(images(tasks)).hasSize(1);
        assertThat(images(apart)).hasSize(5);
        assertThat(tasks).extracting(SequenceRequest::id).doesNotHaveDuplicates();
        assertThat(tasks).extracting(SequenceRequest::requestId).containsOnly("record");
    }

    private static List<Integer> lengths(List<SequenceRequest> requests) {
        return requests.stream()
                .map(request -> request.task().generation().maxNewTokens())
                .toList();
    }

    private static Set<String> images(List<SequenceRequest> requests) {
        return requests.stream()
                .map(request -> request.task().prompt().images().get(0).image().key())
                .collect(Collectors.toSet());
    }

    private static double elements(Set<LinearLayer> kinds) {
        Map<LinearLayer, Long> elements =
                DeclaredWeights.of(CONFIG).stream()
                        .filter(declared -> declared.layer().isPresent())
                        .collect(
                                Collectors.groupingBy(
                                        declared -> declared.layer().orElseThrow(),
                                        Collectors.summingLong(TensorDeclaration::elements)));
        return kinds.stream().mapToLong(elements::get).sum();
    }
}
