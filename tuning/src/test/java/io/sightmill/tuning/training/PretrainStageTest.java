package io.sightmill.tuning.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.llava.AdamWOptions;
import io.sightmill.llava.SampleEncoder;
import io.sightmill.llava.Trainable;
import io.sightmill.llava.TrainablePart;
import io.sightmill.llava.TrainingSetup;
import io.sightmill.tuning.MicroCheckpoint;
import io.sightmill.tuning.SmallData;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.samples.TrainingData;
import io.sightmill.tuning.scenes.SceneDescription;
import io.sightmill.tuning.scenes.SceneOptions;
import io.sightmill.tuning.scenes.SceneWriter;
import io.sightmill.tuning.training.PretrainStage.FromCheckpoint;
import io.sightmill.tuning.training.PretrainStage.FromNothing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainStageTest {

    private static final long STEPS = 6;

    @TempDir private static Path shared;
    @TempDir private Path scratch;

    private static Path scenes;
    private static List<Path> dialogues;

    @BeforeAll
    static void drawScenes() throws IOException {
        scenes = shared.resolve("scenes");
        new SceneWriter(scenes, new SceneDescription(3, 32, SceneOptions.defaults()))
                .write(24, done -> true);
        dialogues = List.of(SmallData.write(Files.createDirectory(shared.resolve("said")), 12));
    }

    @Test
    void towerAndLanguageModelLearnFromNothing() throws Exception {
        Path output = scratch.resolve("out");
        Listening listener = new Listening(Long.MAX_VALUE);

        train(
                new FromNothing(MicroCheckpoint.shape(), 5),
                output,
                BadSamplePolicy.REFUSE,
                listener);

        List<StepReport> vision = listener.reports.subList(0, (int) STEPS);
        List<StepReport> language = listener.reports.subList((int) STEPS, 2 * (int) STEPS);
        assertThat(last(vision)).isLessThan(vision.get(0).loss());
        assertThat(last(language)).isLessThan(language.get(0).loss());
        try (SampleEncoder encoder = SampleEncoder.open(output, Optional.empty())) {
            assertThat(encoder.encodeText("A large red ring.").learned()).isPositive();
        }
    }

    private static float last(List<StepReport> reports) {
        return reports.get(reports.size() - 1).loss();
    }

    @Test
    void aStageThatWasStoppedInEitherHalfWritesTheSameBytes() throws Exception {
        FromCheckpoint start = new FromCheckpoint(MicroCheckpoint.in(scratch.resolve("micro")));
        Path whole = scratch.resolve("whole");
        train(start, whole, BadSamplePolicy.REFUSE, new Listening(Long.MAX_VALUE));

        Path stopped = scratch.resolve("stopped");
        for (long step : List.of(3L, STEPS + 2)) {
            assertThatThrownBy(
                            () ->
                                    train(
                                            start,
                                            stopped,
                                            BadSamplePolicy.REFUSE,
                                            new Listening(step)))
                    .isInstanceOf(StoppedException.class);
        }
        train(start, stopped, BadSamplePolicy.REFUSE, new Listening(Long.MAX_VALUE));

        assertThat(weights(stopped)).isEqualTo(weights(whole));
        assertThat(weights(whole)).isNotEqualTo(weights(start.directory()));
    }

    private static byte[] weights(Path checkpoint) throws IOException {
        return Files.readAllBytes(checkpoint.resolve("model.safetensors"));
    }

    @Test
    void aBadLineIsReportedAndRefusedOrLeftOut() throws Exception {
        FromCheckpoint start = new FromCheckpoint(MicroCheckpoint.in(scratch.resolve("micro")));
        Path captions = scratch.resolve("captions.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(scenes.resolve("captions.jsonl")));
        lines.set(4, "{\"id\": \"4\"}");
        lines.set(7, lines.get(7).replace("images/", "nowhere/"));
        Files.write(captions, lines);
        Listening listener = new Listening(Long.MAX_VALUE);

        assertThatThrownBy(
                        () ->
                                train(
                                        start,
                                        captions,
                                        scratch.resolve("refused"),
                                        BadSamplePolicy.REFUSE,
                                        listener))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageContaining("captions.jsonl: sample 4")
                .hasMessageContaining("nowhere");
        train(start, captions, scratch.resolve("out"), BadSamplePolicy.SKIP, listener);

        assertThat(listener.sizes).containsExactly(22, 22 + 12);
    }

    private static void train(
            PretrainStage.Start start, Path output, BadSamplePolicy policy, Listening listener)
            throws InterruptedException {
        train(start, scenes.resolve("captions.jsonl"), output, policy, listener);
    }

    private static void train(
            PretrainStage.Start start,
            Path captions,
            Path output,
            BadSamplePolicy policy,
            Listening listener)
            throws InterruptedException {
        new PretrainStage(
                        start,
                        output,
                        output.resolveSibling(output.getFileName() + ".run"),
                        captions,
                        scenes,
                        dialogues,
                        policy,
                        false)
                .train(
                        count -> plan(TrainablePart.VISION),
                        count -> plan(TrainablePart.LANGUAGE),
                        listener);
    }

    private static TrainingPlan plan(TrainablePart part) {
        return new TrainingPlan(
                new TrainingSetup(Set.of(part), true, Optional.empty(), 3),
                Map.of(part, 3e-3),
                0.03,
                AdamWOptions.defaults(),
                8,
                1_000,
                STEPS,
                3,
                2,
                BadSamplePolicy.REFUSE);
    }

    private static final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** Stops a stage behind a step, counted over both halves. */
    private static final class Listening implements TuningStage.Listener {

        private final List<StepReport> reports = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private final long stopAt;
        private long before;

        Listening(long stopAt) {
            this.stopAt = stopAt;
        }

        @Override
        public LongConsumer checking(long bytes) {
            return read -> {};
        }

        @Override
        public void ready(TrainingData<?> data, Trainable<?> model, TrainingPlan plan) {
            before = STEPS * sizes.size();
            sizes.add(data.size());
        }

        @Override
        public void resumed(long step) {}

        @Override
        public void stepped(StepReport report) {
            reports.add(report);
            if (before + report.step() == stopAt) {
                throw new StoppedException();
            }
        }

        @Override
        public void skipped(BadSample sample) {}
    }
}
