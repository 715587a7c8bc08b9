package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightmill.engine.Device;
import io.sightmill.engine.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The network with gradients against the serving network's figures and against its own slopes. */
class TrainableModelTest {

    private static final Path TINY = ReferenceFiles.path("tiny-llava");
    private static final AdapterOptions ADAPTERS = new AdapterOptions(4, 8, 0);
    private static final TrainingSetup ALL = setup(EnumSet.allOf(TrainablePart.class), false);

    @ParameterizedTest
    @CsvSource({
        "tiny-llava, case1",
        "tiny-llava, case2",
        "tiny-llava, case3",
        "tiny-llava, case4",
        "families/mistral, case1",
        "families/mistral, case3",
        "families/alt, case1",
        "families/alt, case3",
        "next, case1",
        "next, case3"
    })
    void equalsTheReferenceForwards(String checkpoint, String name) {
        Path directory = ReferenceFiles.path(checkpoint);
        Path cases = checkpoint.equals("tiny-llava") ? directory.getParent() : directory;
        try (TrainableModel model = TrainableModel.open(directory, ALL)) {
            GoldenCase golden =
                    GoldenCase.read(cases.resolve(name + ".safetensors"), model.config());

            float[][] logits = model.logits(List.of(everyPosition(golden.prompt())));

            float[] expected = golden.logits().orElseThrow();
            int width = model.config().text().vocabularySize();
            assertThat(logits).hasNumberOfRows(golden.prompt().length());
            for (int row = 0; row < logits.length; row++) {
                float[] reference = Arrays.copyOfRange(expected, row * width, (row + 1) * width);
                assertThat(logits[row])
                        .as("position %d", row)
                        .containsExactly(reference, within(2e-4f));
            }
        }
    }

    @Test
    void givesASequenceInABatchWhatItGetsAlone() {
        try (TrainableModel model = TrainableModel.open(TINY, ALL)) {
            List<TrainingSample> samples = samples(model);

            float[][] together = model.logits(samples);

            int row = 0;
            for (TrainingSample sample : samples) {
                for (float[] alone : model.logits(List.of(sample))) {
                    assertThat(together[row++]).containsExactly(alone, within(1e-4f));
                }
            }
            assertThat(row).isEqualTo(together.length);
        }
    }

    // The slope along each tensor's gradient is the gradient's length; along it the differences are
    // far above the rounding of float32.
    @ParameterizedTest
    @ValueSource(strings = {"tiny-llava", "families/alt", "next"})
    void hasTheGradientsThatFiniteDifferencesHave(String checkpoint) {
        Path directory = ReferenceFiles.path(checkpoint);
        try (TrainableModel model = TrainableModel.open(directory, ALL)) {
            checkGradients(model, samples(model));
        }
    }

    @Test
    void hasTheGradientsOfAdaptersToo() {
        try (TrainableModel model = TrainableModel.open(TINY, withAdapters(ADAPTERS))) {
            List<TrainingSample> samples = samples(model);
            step(model, samples, 1);
            checkGradients(model, samples);
        }
    }

    private static void checkGradients(TrainableModel model, List<TrainingSample> samples) {
        double scale = 1.0 / learned(samples);
        model.accumulate(0, samples, scale, 1);
        double largest =
                model.learning().stream()
                        .mapToDouble(each -> norm(each.gradient().toFloatArray()))
                        .max()
                        .orElseThrow();
        for (LearningTensor each : model.learning()) {
            float[] gradient = each.gradient().toFloatArray();
            double norm = norm(gradient);
            float[] weight = each.weight().toFloatArray();
            double step = 2e-3 * Math.max(1, norm(weight) / Math.sqrt(weight.length));
            float above = lossAt(model, samples, scale, each, weight, gradient, step / norm);
            float below = lossAt(model, samples, scale, each, weight, gradient, -step / norm);
            each.weight().set(weight);
            assertThat((above - below) / (2 * step))
                    .as("slope along the gradient of %s", each.name())
                    .isCloseTo(norm, within(0.02 * norm + 1e-3 * largest));
        }
    }

    private static float lossAt(
            TrainableModel model,
            List<TrainingSample> samples,
            double scale,
            LearningTensor tensor,
            float[] weight,
            float[] direction,
            double distance) {
        float[] moved = weight.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (distance * direction[i]);
        }
        tensor.weight().set(moved);
        return model.loss(samples, scale);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void accumulatesInPartsWhatTheWholeGives() {
        try (TrainableModel whole = TrainableModel.open(TINY, ALL);
                TrainableModel parts = TrainableModel.open(TINY, ALL)) {
            List<TrainingSample> samples = samples(whole);
            double scale = 1.0 / learned(samples);
            whole.accumulate(0, samples, scale, 1);

            samples.forEach(sample -> parts.accumulate(0, List.of(sample), scale, 1));

            for (int i = 0; i < whole.learning().size(); i++) {
                assertThat(parts.learning().get(i).gradient().toFloatArray())
                        .as(whole.learning().get(i).name())
                        .containsExactly(
                                whole.learning().get(i).gradient().toFloatArray(), within(2e-4f));
            }
        }
    }

    @Test
    void boundsTheNormOverAllGradients() {
        try (TrainableModel model = TrainableModel.open(TINY, ALL)) {
            List<TrainingSample> samples = samples(model);
            model.accumulate(0, samples, 1.0 / learned(samples), 1);
            double expected =
                    Math.sqrt(
                            model.learning().stream()
                                    .mapToDouble(each -> norm(each.gradient().toFloatArray()))
                                    .map(norm -> norm * norm)
                                    .sum());
            Map<String, float[]> gradients = new HashMap<>();
            model.learning()
                    .forEach(each -> gradients.put(each.name(), each.gradient().toFloatArray()));

            float norm = model.update(1, rates(1e-4), AdamWOptions.defaults());

            assertThat((double) norm).isCloseTo(expected, within(1e-3 * expected));
            // The mean after one step is a tenth of the gradient that AdamW got.
            double got =
                    Math.sqrt(
                            model.learning().stream()
                                    .mapToDouble(each -> 10 * norm(each.first().toFloatArray()))
                                    .map(each -> each * each)
                                    .sum());
            assertThat(expected).isGreaterThan(2);
            assertThat(got).isCloseTo(1, within(1e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void learnsASampleByHeart(boolean mixedPrecision) {
        TrainingSetup setup = setup(EnumSet.allOf(TrainablePart.class), mixedPrecision);
        try (TrainableModel model = TrainableModel.open(TINY, setup)) {
            List<TrainingSample> samples = samples(model);
            float before = step(model, samples, 1);

            float after = before;
            for (int step = 2; step <= 30; step++) {
                after = step(model, samples, step);
            }

            assertThat(after).isLessThan(before / 3);
        }
    }

    @Test
    void stageOneWritesEveryTensorButTheProjectorsAsItWas(@TempDir Path scratch)
            throws IOException {
        TrainingSetup stage1 = setup(Set.of(TrainablePart.PROJECTOR), true);
        assertThat(changed(stage1, scratch))
                .isNotEmpty()
                .allMatch(name -> name.contains("multi_modal_projector"))
                .hasSize(4);
    }

    @Test
    void stageTwoWritesEveryVisionTensorAsItWas(@TempDir Path scratch) throws IOException {
        TrainingSetup stage2 = setup(Set.of(TrainablePart.PROJECTOR, TrainablePart.LANGUAGE), true);
        assertThat(changed(stage2, scratch))
                .noneMatch(name -> name.contains("vision_tower"))
                .anyMatch(name -> name.contains("language_model"))
                .anyMatch(name -> name.contains("multi_modal_projector"));
    }

    /** The names of tensors whose bytes differ after three steps. */
    private static List<String> changed(TrainingSetup setup, Path scratch) throws IOException {
        Path tuned = scratch.resolve("tuned");
        try (TrainableModel model = TrainableModel.open(TINY, setup)) {
            for (int step = 1; step <= 3; step++) {
                step(model, samples(model), step);
            }
            model.writeCheckpoint(tuned, false);
        }
        Map<String, byte[]> before = tensors(TINY);
        Map<String, byte[]> after = tensors(tuned);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        return before.keySet().stream()
                .filter(name -> !Arrays.equals(before.get(name), after.get(name)))
                .toList();
    }

    private static Map<String, byte[]> tensors(Path directory) throws IOException {
        Map<String, byte[]> tensors = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith("tensors")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                for (SafetensorsTensor each : SafetensorsFile.open(file).tensors().values()) {
                    tensors.put(
                            each.name(),
                            Arrays.copyOfRange(bytes, (int) each.begin(), (int) each.end()));
                }
            }
        }
        return tensors;
    }

    @Test
    void servesWhatItHasLearned(@TempDir Path scratch) throws IOException {
        Path tuned = scratch.resolve("tuned");
        try (TrainableModel model = TrainableModel.open(TINY, ALL)) {
            List<TrainingSample> samples = samples(model);
            for (int step = 1; step <= 10; step++) {
                step(model, samples, step);
            }
            model.writeCheckpoint(tuned, false);
            Prompt prompt = samples.get(0).sequence();
            float[][] expected = model.logits(List.of(everyPosition(prompt)));

            assertServed(tuned, prompt, expected, 0.05f);
        }
    }

    @Test
    void servesMergedAdaptersAsTheyWereTrained(@TempDir Path scratch) throws IOException {
        Path tuned = scratch.resolve("tuned");
        Path precise = scratch.resolve("precise");
        Files.createDirectory(precise);
        WeightsCopy.of("tiny-llava", precise).write(ElementType.F32);
        try (TrainableModel model = TrainableModel.open(precise, withAdapters(ADAPTERS))) {
            List<TrainingSample> samples = samples(model);
            Prompt prompt = samples.get(0).sequence();
            float[][] before = model.logits(List.of(everyPosition(prompt)));
            for (int step = 1; step <= 10; step++) {
                step(model, samples, step);
            }
            model.writeCheckpoint(tuned, false);
            float[][] expected = model.logits(List.of(everyPosition(prompt)));

            assertThat(mostDifference(expected, before)).isGreaterThan(0.1f);
            assertServed(tuned, prompt, expected, 5e-4f);
        }
    }

    private static float mostDifference(float[][] one, float[][] other) {
        float most = 0;
        for (int row = 0; row < one.length; row++) {
            for (int column = 0; column < one[row].length; column++) {
                most = Math.max(most, Math.abs(one[row][column] - other[row][column]));
            }
        }
        return most;
    }

    private static void assertServed(Path tuned, Prompt prompt, float[][] expected, float limit) {
        try (LlavaNetwork network = LlavaNetwork.open(tuned, Precision.FLOAT32, Device.cpu())) {
            float[][] served = PromptLogits.of(network, prompt, 0);
            for (int row = 0; row < served.length; row++) {
                assertThat(served[row]).containsExactly(expected[row], within(limit));
            }
        }
    }

    @Test
    void goesOnFromASavedStateWithTheSameBits(@TempDir Path scratch) throws IOException {
        Path state = scratch.resolve("state.safetensors");
        AdapterOptions dropping = new AdapterOptions(4, 8, 0.3);
        try (TrainableModel first = TrainableModel.open(TINY, withAdapters(dropping));
                TrainableModel second = TrainableModel.open(TINY, withAdapters(dropping))) {
            List<TrainingSample> samples = samples(first);
            step(first, samples, 1);
            step(first, samples, 2);
            first.save(state);

            second.restore(state);

            for (int step = 3; step <= 5; step++) {
                assertThat(step(second, samples, step)).isEqualTo(step(first, samples, step));
            }
        }
    }

    private static float step(TrainableModel model, List<TrainingSample> samples, int step) {
        float loss = model.accumulate(0, samples, 1.0 / learned(samples), step);
        model.update(step, rates(1e-3), AdamWOptions.defaults());
        return loss;
    }

    private static Map<TrainablePart, Double> rates(double rate) {
        Map<TrainablePart, Double> rates = new HashMap<>();
        for (TrainablePart part : TrainablePart.values()) {
            rates.put(part, rate);
        }
        return rates;
    }

    private static int learned(List<TrainingSample> samples) {
        return samples.stream().mapToInt(TrainingSample::learned).sum();
    }

    private static TrainingSetup setup(Set<TrainablePart> trained, boolean mixedPrecision) {
        return new TrainingSetup(trained, mixedPrecision, Optional.empty(), 1);
    }

    private static TrainingSetup withAdapters(AdapterOptions adapters) {
        return new TrainingSetup(
                Set.of(TrainablePart.PROJECTOR, TrainablePart.LANGUAGE),
                false,
                Optional.of(adapters),
                1);
    }

    /** Two reference prompts of different lengths, one with two images; some positions learned. */
    private static List<TrainingSample> samples(TrainableModel model) {
        Path cases =
                model.directory().equals(TINY) || model.directory().endsWith("precise")
                        ? TINY.getParent()
                        : model.directory();
        return Stream.of("case1", "case3")
                .map(name -> GoldenCase.read(cases.resolve(name + ".safetensors"), model.config()))
                .map(golden -> someLearned(golden.prompt()))
                .toList();
    }

    private static TrainingSample someLearned(Prompt prompt) {
        int[] targets = everyPosition(prompt).targets();
        Arrays.fill(targets, 0, targets.length / 2, TrainingSample.IGNORED);
        return new TrainingSample(prompt, targets);
    }

    private static TrainingSample everyPosition(Prompt prompt) {
        int[] targets = new int[prompt.length()];
        for (int at = 0; at < targets.length; at++) {
            targets[at] = Math.max(0, prompt.tokenIds()[Math.min(at + 1, targets.length - 1)]);
        }
        return new TrainingSample(prompt, targets);
    }
}
