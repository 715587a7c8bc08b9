package io.sightmill.tuning.training;

import io.sightmill.llava.SampleEncoder;
import io.sightmill.llava.Trainable;
import io.sightmill.llava.TrainableModel;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.samples.InstructionData;
import io.sightmill.tuning.samples.InstructionSource;
import io.sightmill.tuning.samples.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * A stage of visual instruction tuning from files to files: a checkpoint and instruction data in, a
 * tuned checkpoint out.
 *
 * @param model checkpoint to begin with
 * @param output directory of the tuned checkpoint
 * @param run directory of what the run keeps while it goes
 * @param data files in LLaVA's JSON
 * @param images folder that their images are in
 * @param template of the samples; empty for the checkpoint's own
 * @param mostPositions longer samples are bad; empty for what the model can take
 * @param replaces whether output may hold something
 */
public record TuningStage(
        Path model,
        Path output,
        Path run,
        List<InstructionSource> data,
        Path images,
        Optional<String> template,
        Optional<Integer> mostPositions,
        boolean replaces) {

    /** Bad samples that are named in a refusal; all are reported to the listener. */
    private static final int NAMED = 3;

    /** Hears of a stage as it goes. */
    public interface Listener extends TrainingListener {

        /**
         * The samples are about to be read and checked.
         *
         * @param bytes of all files
         * @return hears how many of them have been read
         */
        LongConsumer checking(long bytes);

        /** What there is to learn from, and what learns. */
        void ready(TrainingData<?> data, Trainable<?> model, TrainingPlan plan);
    }

    public TuningStage {
        data = List.copyOf(data);
        if (data.isEmpty()) {
            throw new IllegalArgumentException("no file of samples is named");
        }
    }

    /**
     * Runs the stage to its end, going on where an earlier run stopped.
     *
     * @param planFor makes the plan, given how many samples there are
     * @throws TrainingFailedException if data or run are refused
     * @throws io.sightmill.engine.ModelLoadException if the checkpoint is broken
     * @throws io.sightmill.tuning.DataFileException if a file of samples cannot be read
     */
    public void train(LongFunction<TrainingPlan> planFor, Listener listener)
            throws InterruptedException {
        try (SampleEncoder encoder = SampleEncoder.open(model, template)) {
            List<BadSample> bad = new ArrayList<>();
            InstructionData samples =
                    InstructionData.open(
                            data,
                            images,
                            encoder,
                            mostPositions.orElse(encoder.contextTokens()),
                            each -> {
                                listener.skipped(each);
                                if (bad.size() < NAMED) {
                                    bad.add(each);
                                }
                            },
                            listener.checking(bytes()));
            TrainingPlan plan = planFor.apply(samples.size());
            if (plan.badSamples() == BadSamplePolicy.REFUSE && samples.badSamples() > 0) {
                throw refusal(samples.badSamples(), bad);
            }
            train(samples, plan, listener);
        }
    }

    private long bytes() {
        return data.stream().mapToLong(source -> source.path().toFile().length()).sum();
    }

    private void train(InstructionData samples, TrainingPlan plan, Listener listener)
            throws InterruptedException {
        try (TrainableModel trained = TrainableModel.open(model, plan.setup())) {
            listener.ready(samples, trained, plan);
            new TrainingRun<>(trained, samples, plan, run, listener).run();
            trained.writeCheckpoint(output, replaces);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the tuned checkpoint is not written: " + e.getMessage(), e);
        }
    }

    /**
     * @param first some of them at least
     */
    static TrainingFailedException refusal(int count, List<BadSample> first) {
        String named =
                String.join("; ", first.stream().limit(NAMED).map(BadSample::toString).toList());
        return new TrainingFailedException(
                "%d bad sample(s), %s%s. Repair them, or leave them out with --bad-samples skip"
                        .formatted(count, named, count > NAMED ? "; ..." : ""));
    }
}
