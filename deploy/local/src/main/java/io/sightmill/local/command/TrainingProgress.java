package io.sightmill.local.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightmill.llava.Trainable;
import io.sightmill.tuning.samples.BadSample;
import io.sightmill.tuning.samples.TrainingData;
import io.sightmill.tuning.training.StepReport;
import io.sightmill.tuning.training.TrainingPlan;
import io.sightmill.tuning.training.TuningStage;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A run's progress: a bar with loss, tokens a second and the time left on standard error, and on
 * standard output one JSON object a step where that is asked for. Used by one thread.
 */
final class TrainingProgress implements TuningStage.Listener, AutoCloseable {

    private static final int COLUMNS = 120;
    private static final long MEGABYTE = 1_000_000;
    private static final int TO_A_PERSON_MILLIS = 250;
    private static final int TO_A_FILE_MILLIS = 10_000;

    /** What a person can read of them; the rest is counted. */
    private static final long MOST_BAD_SHOWN = 20;

    /** Weight of the past in what is shown. */
    private static final double SMOOTHING = 0.95;

    private final PrintStream output;
    private final PrintStream errors;
    private final boolean json;
    private ProgressBar bar;
    private long bad;
    private long lastStep;
    private double loss = Double.NaN;
    private double positionsPerSecond;

    TrainingProgress(PrintStream output, PrintStream errors, boolean json) {
        this.output = output;
        this.errors = errors;
        this.json = json;
    }

    @Override
    public LongConsumer checking(long bytes) {
        bar = bar("checking", bytes, " MB", MEGABYTE);
        return bar::stepTo;
    }

    @Override
    public void ready(TrainingData<?> data, Trainable<?> model, TrainingPlan plan) {
        close();
        errors.printf(
                Locale.ROOT,
                "%,d samples, %,d positions to learn from; %,d weights learn in %,d steps%n",
                data.size(),
                data.learned(),
                model.trainedParameters(),
                plan.steps());
        loss = Double.NaN;
        bar = bar("training", plan.steps(), " steps", 1);
    }

    @Override
    public void resumed(long step) {
        bar.stepTo(step);
        errors.printf(Locale.ROOT, "going on behind step %,d%n", step);
    }

    @Override
    public void skipped(BadSample sample) {
        bad++;
        if (bad <= MOST_BAD_SHOWN) {
            errors.println("bad sample: " + sample);
        } else if (bad == MOST_BAD_SHOWN + 1) {
            errors.println("more bad samples follow; they are counted");
        }
    }

    @Override
    public void stepped(StepReport report) {
        boolean isFirst = Double.isNaN(loss);
        loss = isFirst ? report.loss() : mix(loss, report.loss());
        positionsPerSecond =
                isFirst
                        ? report.positionsPerSecond()
                        : mix(positionsPerSecond, report.positionsPerSecond());
        lastStep = report.step();
        bar.setExtraMessage(
                String.format(Locale.ROOT, " loss %.3f, %,.0f tokens/s", loss, positionsPerSecond));
        bar.stepTo(report.step());
        if (json) {
            output.println(asJson(report));
        }
    }

    private static double mix(double past, double present) {
        return SMOOTHING * past + (1 - SMOOTHING) * present;
    }

    private static ObjectNode asJson(StepReport report) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("step", report.step())
                .put("epoch", report.epoch())
                .put("loss", report.loss())
                .put("gradientNorm", report.gradientNorm())
                .put("learningRate", report.learningRate())
                .put("samples", report.samples())
                .put("positions", report.positions())
                .put("learned", report.learned())
                .put("seconds", report.seconds())
                .put("gflops", report.operations() / report.seconds() / 1e9);
    }

    long bad() {
        return bad;
    }

    /** The newest step; 0 if there was none. */
    long lastStep() {
        return lastStep;
    }

    double loss() {
        return loss;
    }

    private ProgressBar bar(String task, long steps, String unit, long unitSize) {
        int interval = System.console() == null ? TO_A_FILE_MILLIS : TO_A_PERSON_MILLIS;
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setUnit(unit, unitSize)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(interval)
                .setConsumer(new ConsoleProgressBarConsumer(errors, COLUMNS))
                .build();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
