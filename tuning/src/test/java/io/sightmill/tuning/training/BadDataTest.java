package io.sightmill.tuning.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.llava.AdamWOptions;
import io.sightmill.llava.Trainable;
import io.sightmill.llava.TrainablePart;
import io.sightmill.llava.TrainingSetup;
import io.sightmill.tuning.MicroCheckpoint;
import io.sightmill.tuning.SmallData;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.samples.InstructionSource;
import io.sightmill.tuning.samples.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage whose data has every kind of bad sample: never silently, never half. */
class BadDataTest {

    private static final int GOOD = 6;
    private static final long STEPS = 2;

    @TempDir private Path scratch;

    private final Listening listener = new Listening();
    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        SmallData.writeImages(scratch);
        List<String> entries = new ArrayList<>(SmallData.list(GOOD));
        entries.add(1, SmallData.entry("none.png", "<image> What?", "A cat."));
        entries.add(3, SmallData.entry("red.png", "<image><image> What?", "A cat."));
        entries.add(4, SmallData.entry("red.png", "<image> What?", " "));
        entries.add(SmallData.entry("red.png", "<image> What?", "A cat. ".repeat(200)));
        data =
                Files.writeString(
                        scratch.resolve("data.json"),
                        "[" + String.join(",\n", entries) + ",\n{\"id\": ");
    }

    private void train(BadSamplePolicy policy) throws Exception {
        TrainingPlan plan =
                new TrainingPlan(
                        new TrainingSetup(
                                Set.of(TrainablePart.PROJECTOR), true, Optional.empty(), 3),
                        Map.of(TrainablePart.PROJECTOR, 1e-3),
                        0.03,
                        AdamWOptions.defaults(),
                        3,
                        1_000,
                        STEPS,
                        3,
                        10,
                        policy);
        new TuningStage(
                        MicroCheckpoint.in(scratch.resolve("model")),
                        scratch.resolve("out"),
                        scratch.resolve("out.run"),
                        List.of(InstructionSource.whole(data)),
                        scratch,
                        Optional.of("llava_v1"),
                        Optional.empty(),
                        false)
                .train(samples -> plan, listener);
    }

    private void assertAllReported() {
        assertThat(listener.bad).extracting(BadSample::index).containsExactly(1L, 3L, 4L, 9L, 10L);
        List<String> problems =
                List.of(
                        "none.png is missing",
                        "2 times <image> for 1 image(s)",
                        "the answer in turn 2 is empty",
                        "positions; at most 256 are allowed",
                        "is broken JSON at line");
        for (int index = 0; index < problems.size(); index++) {
            assertThat(listener.bad.get(index).toString())
                    .startsWith(data + ": sample " + listener.bad.get(index).index() + ": ")
                    .contains(problems.get(index));
        }
    }

    @Test
    void badSamplesAreAllReportedAndTheRunIsRefused() {
        assertThatThrownBy(() -> train(BadSamplePolicy.REFUSE))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageContaining("5 bad sample(s), " + data + ": sample 1: ")
                .hasMessageContaining("--bad-samples skip");

        assertAllReported();
        assertThat(listener.steps).isZero();
        assertThat(scratch.resolve("out")).doesNotExist();
        assertThat(scratch.resolve("out.run")).doesNotExist();
    }

    @Test
    void badSamplesAreAllReportedAndTheRunGoesOnWithoutThem() throws Exception {
        train(BadSamplePolicy.SKIP);

        assertAllReported();
        assertThat(listener.samples).isEqualTo(GOOD);
        assertThat(listener.steps).isEqualTo(STEPS);
        assertThat(scratch.resolve("out/config.json")).exists();
    }

    private static final class Listening implements TuningStage.Listener {

        private final List<BadSample> bad = new ArrayList<>();
        private long samples;
        private long steps;

        @Override
        public LongConsumer checking(long bytes) {
            return read -> {};
        }

        @Override
        public void ready(TrainingData<?> found, Trainable<?> model, TrainingPlan plan) {
            samples = found.size();
        }

        @Override
        public void resumed(long step) {}

        @Override
        public void stepped(StepReport report) {
            steps++;
        }

        @Override
        public void skipped(BadSample sample) {
            bad.add(sample);
        }
    }
}
