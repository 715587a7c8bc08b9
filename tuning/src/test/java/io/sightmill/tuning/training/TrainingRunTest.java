package io.sightmill.tuning.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sightmill.llava.AdamWOptions;
import io.sightmill.llava.SampleEncoder;
import io.sightmill.llava.TrainableModel;
import io.sightmill.llava.TrainablePart;
import io.sightmill.llava.TrainingSetup;
import io.sightmill.tuning.MicroCheckpoint;
import io.sightmill.tuning.SmallData;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.samples.InstructionData;
import io.sightmill.tuning.samples.InstructionSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {

    @TempDir private static Path shared;
    @TempDir private Path scratch;

    private static Path checkpoint;

    @BeforeAll
    static void makeCheckpointAndData() {
        checkpoint = MicroCheckpoint.in(shared.resolve("model"));
        SmallData.write(shared, 12);
    }

    @Test
    void learnsAndKeepsFiguresCurvesAndState() throws Exception {
        List<StepReport> reports = run(scratch, plan(24, 10, 1_000), new Recorder());

        assertThat(reports).hasSize(24);
        assertThat(reports.get(23).loss()).isLessThan(reports.get(0).loss() / 2);
        assertThat(reports.get(23).epoch()).isEqualTo(8);
        List<String> lines = Files.readAllLines(scratch.resolve("metrics.csv"));
        assertThat(lines).hasSize(25).first().isEqualTo(MetricsFile.HEADER);
        assertThat(scratch.resolve("curves.png")).isNotEmptyFile();
        assertThat(scratch.resolve("state-000000024.safetensors")).isNotEmptyFile();
        assertThat(scratch.resolve("state-000000020.safetensors")).doesNotExist();
    }

    @Test
    void aRunThatWasStoppedHasTheLossesOfOneThatWasNot() throws Exception {
        TrainingPlan plan = plan(12, 5, 1_000, BadSamplePolicy.SKIP, 2);
        List<StepReport> whole = run(scratch.resolve("whole"), plan, new Recorder());

        Path stopped = scratch.resolve("stopped");
        assertThatThrownBy(() -> run(stopped, plan, new Recorder(8)))
                .isInstanceOf(StoppedException.class);
        Recorder second = new Recorder();
        List<StepReport> rest = run(stopped, plan, second);

        assertThat(second.resumedBehind).isEqualTo(5);
        assertThat(rest).hasSize(7);
        assertThat(losses(stopped)).isEqualTo(losses(scratch.resolve("whole")));
        assertThat(rest.get(6).gradientNorm()).isEqualTo(whole.get(11).gradientNorm());
    }

    @Test
    void aBatchInPartsIsTheSameStep() throws Exception {
        List<StepReport> whole = run(scratch.resolve("whole"), plan(3, 10, 1_000), new Recorder());
        List<StepReport> parts = run(scratch.resolve("parts"), plan(3, 10, 60), new Recorder());

        for (int step = 0; step < 3; step++) {
            assertThat(parts.get(step).loss()).isCloseTo(whole.get(step).loss(), within(2e-2f));
        }
    }

    @Test
    void aBatchOnSeveralLanesIsTheSameStep() throws Exception {
        List<StepReport> one = run(scratch.resolve("one"), plan(3, 10, 1_000), new Recorder());
        TrainingPlan plan = plan(3, 10, 60, BadSamplePolicy.SKIP, 3);
        List<StepReport> three = run(scratch.resolve("three"), plan, new Recorder());

        for (int step = 0; step < 3; step++) {
            assertThat(three.get(step).loss()).isCloseTo(one.get(step).loss(), within(2e-2f));
            assertThat(three.get(step).gradientNorm())
                    .isCloseTo(one.get(step).gradientNorm(), withinPercentage(2));
        }
    }

    @Test
    void anotherRunsDirectoryIsRefused() throws Exception {
        run(scratch, plan(1, 10, 1_000), new Recorder());

        assertThatThrownBy(() -> run(scratch, plan(2, 10, 1_000), new Recorder()))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageContaining("holds another run");
    }

    @Test
    void aSampleThatTurnsOutBadIsSkippedOrEndsTheRun() throws Exception {
        Path data = Files.createDirectory(scratch.resolve("data"));
        SmallData.write(data, 6);
        Files.write(data.resolve("red.png"), new byte[] {1});
        Recorder recorder = new Recorder();

        List<StepReport> reports = run(data, scratch.resolve("skip"), plan(2, 10, 1_000), recorder);

        assertThat(reports).hasSize(2);
        assertThat(recorder.skipped).hasSize(2);
        assertThat(recorder.skipped.get(0).problem()).contains("red.png");
        TrainingPlan refusing = plan(2, 10, 1_000, BadSamplePolicy.REFUSE);
        assertThatThrownBy(() -> run(data, scratch.resolve("refuse"), refusing, new Recorder()))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageContaining("red.png");
    }

    private static List<String> losses(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(line -> String.join(",", line.split(",")[0], line.split(",")[2]))
                .toList();
    }

    private static List<StepReport> run(Path directory, TrainingPlan plan, Recorder recorder)
            throws Exception {
        return run(shared, directory, plan, recorder);
    }

    private static List<StepReport> run(
            Path data, Path directory, TrainingPlan plan, Recorder recorder) throws Exception {
        try (SampleEncoder encoder = SampleEncoder.open(checkpoint, Optional.empty());
                TrainableModel model = TrainableModel.open(checkpoint, plan.setup())) {
            InstructionData samples =
                    InstructionData.open(
                            List.of(InstructionSource.whole(data.resolve("data.json"))),
                            data,
                            encoder,
                            256,
                            bad -> {
                                throw new AssertionError(bad.toString());
                            },
                            read -> {});
            new TrainingRun<>(model, samples, plan, directory, recorder).run();
            return recorder.reports;
        }
    }

    private static TrainingPlan plan(long steps, long checkpoints, int positions) {
        return plan(steps, checkpoints, positions, BadSamplePolicy.SKIP);
    }

    private static TrainingPlan plan(
            long steps, long checkpoints, int positions, BadSamplePolicy badSamples) {
        return plan(steps, checkpoints, positions, badSamples, 1);
    }

    private static TrainingPlan plan(
            long steps, long checkpoints, int positions, BadSamplePolicy badSamples, int lanes) {
        return new TrainingPlan(
                new TrainingSetup(
                        Set.of(TrainablePart.PROJECTOR, TrainablePart.LANGUAGE),
                        true,
                        Optional.empty(),
                        3,
                        lanes),
                Map.of(TrainablePart.PROJECTOR, 3e-3, TrainablePart.LANGUAGE, 3e-3),
                0.03,
                AdamWOptions.defaults(),
                4,
                positions,
                steps,
                3,
                checkpoints,
                badSamples);
    }

    private static final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private static final class Recorder implements TrainingListener {

        private final List<StepReport> reports = new ArrayList<>();
        private final List<BadSample> skipped = new ArrayList<>();
        private final long stopAt;
        private long resumedBehind;

        Recorder() {
            this(Long.MAX_VALUE);
        }

        Recorder(long stopAt) {
            this.stopAt = stopAt;
        }

        @Override
        public void resumed(long step) {
            resumedBehind = step;
        }

        @Override
        public void stepped(StepReport report) {
            reports.add(report);
            if (report.step() == stopAt) {
                throw new StoppedException();
            }
        }

        @Override
        public void skipped(BadSample sample) {
            skipped.add(sample);
        }
    }
}
