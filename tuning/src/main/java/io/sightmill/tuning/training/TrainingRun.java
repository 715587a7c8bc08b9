package io.sightmill.tuning.training;

import io.sightmill.llava.LearnedSample;
import io.sightmill.llava.Trainable;
import io.sightmill.llava.TrainingLanes;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.BadSamplePolicy;
import io.sightmill.tuning.samples.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Trains a model on samples, step by step, and keeps a state to go on from.
 *
 * <p>INVARIANT: a run that is killed and resumed has the losses, to the bit, of one that is not: a
 * step depends on the state, the plan, and its own number alone.
 *
 * @param <S> the samples
 */
public final class TrainingRun<S extends LearnedSample> {

    private final Trainable<S> model;
    private final TrainingData<S> data;
    private final TrainingPlan plan;
    private final TrainingListener listener;
    private final RunDirectory directory;
    private final MetricsFile metrics;
    private final BatchOrder order;

    /**
     * @param model stays the caller's
     * @param directory of the run's own; a run that is in it is resumed
     * @throws TrainingFailedException if another run is in it, or there is nothing to learn from
     */
    public TrainingRun(
            Trainable<S> model,
            TrainingData<S> data,
            TrainingPlan plan,
            Path directory,
            TrainingListener listener) {
        if (data.size() == 0) {
            throw new TrainingFailedException("there is no sample to learn from");
        }
        this.model = model;
        this.data = data;
        this.plan = plan;
        this.listener = listener;
        String identity =
                String.join(
                        "\n",
                        plan.fingerprint(),
                        data.fingerprint(),
                        "weights " + model.identity());
        this.directory = RunDirectory.open(directory, identity);
        this.metrics = new MetricsFile(this.directory.metrics());
        this.order = new BatchOrder(data, plan.batchSize(), plan.seed());
    }

    /**
     * Runs to the last step.
     *
     * @throws TrainingFailedException if the loss is no number any more, or a sample is bad and the
     *     plan refuses that
     * @throws UncheckedIOException if something cannot be written
     */
    public void run() throws InterruptedException {
        try {
            long done = directory.savedStep().orElse(0);
            if (done > 0) {
                directory.restore(model, done);
                listener.resumed(done);
            }
            metrics.goOnBehind(done);
            try (BatchReader<S> batches = new BatchReader<>(data, order, done + 1, plan.steps());
                    TrainingLanes<S> lanes = new TrainingLanes<>(model, plan.setup())) {
                for (long step = done + 1; step <= plan.steps(); step++) {
                    StepReport report = step(step, batches, lanes);
                    metrics.append(report);
                    listener.stepped(report);
                    if (step % plan.stepsPerCheckpoint() == 0 || step == plan.steps()) {
                        directory.save(model, step);
                        new LossChart(metrics.losses(), plan.steps()).write(directory.curves());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the run cannot be kept: " + e.getMessage(), e);
        }
    }

    private StepReport step(long step, BatchReader<S> batches, TrainingLanes<S> lanes)
            throws InterruptedException {
        long begin = System.nanoTime();
        BatchReader.Batch<S> batch = batches.next();
        batch.bad().forEach(this::skip);
        long learned = batch.samples().stream().mapToLong(LearnedSample::learned).sum();
        List<List<S>> parts =
                BatchParts.of(batch.samples(), plan.mostPositions(), plan.setup().lanes());
        float loss = lanes.accumulate(parts, 1.0 / learned, part -> seed(step, part));
        if (!Float.isFinite(loss)) {
            throw new TrainingFailedException(
                    "the loss of step %d is %s; train with a lower rate, or look for broken weights with inspect --check-weights"
                            .formatted(step, loss));
        }
        float norm = parts.isEmpty() ? 0 : model.update(step, plan.rates(step), plan.optimizer());
        return new StepReport(
                step,
                plan.steps(),
                (double) step / order.batchesPerEpoch(),
                loss,
                norm,
                Collections.max(plan.rates(step).values()),
                batch.samples().size(),
                batch.samples().stream().mapToLong(LearnedSample::length).sum(),
                learned,
                Duration.ofNanos(System.nanoTime() - begin),
                model.operations(batch.samples()));
    }

    private void skip(BadSample sample) {
        if (plan.badSamples() == BadSamplePolicy.REFUSE) {
            throw new TrainingFailedException(sample.toString());
        }
        listener.skipped(sample);
    }

    /** Of a part's dropout: another one in every step, the same one in every run. */
    private long seed(long step, int part) {
        return plan.seed() * 1_000_003L + step * 1_009L + part;
    }
}
