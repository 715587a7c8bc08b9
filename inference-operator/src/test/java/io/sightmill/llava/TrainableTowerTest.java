package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tower's head and gradients against slopes, and what is learned and what is not. */
class TrainableTowerTest {

    private static final Path TINY = ReferenceFiles.path("tiny-llava");
    private static final int WORDS = 3;

    @Test
    void hasTheGradientsThatFiniteDifferencesHave() {
        try (TrainableModel model = TrainableModel.open(TINY, setup(false));
                TrainableTower tower = new TrainableTower(model, WORDS, 1)) {
            List<PatchSample> samples = List.of(sample(model, 1), sample(model, 2));
            double scale = scale(samples);
            tower.accumulate(0, samples, scale, 0);
            double largest =
                    tower.learning().stream()
                            .mapToDouble(each -> norm(each.gradient().toFloatArray()))
                            .max()
                            .orElseThrow();
            for (LearningTensor each : tower.learning()) {
                checkSlope(tower, samples, scale, each, largest);
            }
        }
    }

    private static void checkSlope(
            TrainableTower tower,
            List<PatchSample> samples,
            double scale,
            LearningTensor tensor,
            double largest) {
        float[] gradient = tensor.gradient().toFloatArray();
        float[] weight = tensor.weight().toFloatArray();
        double norm = norm(gradient);
        double step = 2e-3 * Math.max(1, norm(weight) / Math.sqrt(weight.length));
        float[] losses = new float[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = weight.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += (float) ((1 - 2 * side) * step / norm * gradient[i]);
            }
            tensor.weight().set(moved);
            losses[side] = tower.loss(samples, scale);
        }
        tensor.weight().set(weight);
        assertThat((losses[0] - losses[1]) / (2 * step))
                .as("slope along the gradient of %s", tensor.name())
                .isCloseTo(norm, within(0.02 * norm + 1e-3 * largest));
    }

    @Test
    void learnsWhatPatchesShow() {
        try (TrainableModel model = TrainableModel.open(TINY, setup(true));
                TrainableTower tower = new TrainableTower(model, WORDS, 1)) {
            List<PatchSample> samples = List.of(sample(model, 1), sample(model, 2));
            float before = step(tower, samples, 1);
            float after = before;
            for (int step = 2; step <= 80; step++) {
                after = step(tower, samples, step);
            }

            assertThat(after).isLessThan(before / 3);
            float[] logits = tower.logits(samples)[0];
            float[] labels = samples.get(0).labels();
            int right = 0;
            int patches = samples.get(0).image().tokens();
            for (int patch = 0; patch < patches; patch++) {
                float said = logits[patch * (WORDS + 1)];
                right += said > 0 == labels[patch * (WORDS + PatchSample.OTHERS)] > 0 ? 1 : 0;
            }
            assertThat(right).isGreaterThan(patches * 9 / 10);
        }
    }

    @Test
    void aTowerThatSharesItsGradientsWithOtherPartsIsRefused() {
        TrainingSetup all =
                new TrainingSetup(
                        Set.of(TrainablePart.VISION, TrainablePart.LANGUAGE),
                        false,
                        Optional.empty(),
                        1);
        try (TrainableModel model = TrainableModel.open(TINY, all)) {
            assertThatThrownBy(() -> new TrainableTower(model, WORDS, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("VISION");
        }
    }

    private static float step(TrainableTower tower, List<PatchSample> samples, long step) {
        float loss = tower.accumulate(0, samples, scale(samples), 0);
        tower.update(step, Map.of(TrainablePart.VISION, 3e-3), AdamWOptions.defaults());
        return loss;
    }

    private static double scale(List<PatchSample> samples) {
        return 1.0 / samples.stream().mapToInt(PatchSample::learned).sum();
    }

    private static TrainingSetup setup(boolean mixedPrecision) {
        return new TrainingSetup(Set.of(TrainablePart.VISION), mixedPrecision, Optional.empty(), 1);
    }

    /** Random pixels; each patch is dark or light, and the first word says which. */
    private static PatchSample sample(TrainableModel model, long seed) {
        VisionConfig vision = model.config().vision();
        Random random = new Random(seed);
        int size = vision.imageSize();
        int side = size / vision.patchSize();
        boolean[] light = new boolean[side * side];
        float[] labels = new float[light.length * (WORDS + PatchSample.OTHERS)];
        for (int patch = 0; patch < light.length; patch++) {
            light[patch] = random.nextBoolean();
            int at = patch * (WORDS + PatchSample.OTHERS);
            labels[at] = light[patch] ? 1 : 0;
            labels[at + WORDS + 1] = light[patch] ? 1 : 0;
            Arrays.fill(labels, at + WORDS + 2, at + WORDS + PatchSample.OTHERS, 0.25f);
        }
        float[] pixels = new float[3 * size * size];
        for (int i = 0; i < pixels.length; i++) {
            int patch = i / size % size / vision.patchSize() * side + i % size / vision.patchSize();
            pixels[i] = (light[patch] ? 1 : -1) + 0.1f * random.nextFloat();
        }
        PixelImage image = new PixelImage(pixels, size, "image " + seed, light.length);
        return new PatchSample(image, labels, WORDS);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
