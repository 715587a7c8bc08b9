package io.sightmill.flink;

import io.sightmill.engine.BatchPlan;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.ImageCounters;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.PrefillChunk;
import io.sightmill.engine.Sequence;
import io.sightmill.engine.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells of a step that does not return: a native call that hangs would otherwise block its task for
 * ever, without a word. It passes every call on to the model; a timer thread of its own tells.
 */
final class StepWatch implements ModelRunner, AutoCloseable {

    /** Each is named in the message; a step has no more than the engine's maxSequences. */
    private static final int MOST_NAMED = 64;

    private final ModelRunner model;
    private final Duration timeout;
    private final Consumer<StepTimeoutException> onTimeout;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param timeout above zero
     * @param onTimeout hears of each step that takes longer, on the timer's thread
     */
    StepWatch(ModelRunner model, Duration timeout, Consumer<StepTimeoutException> onTimeout) {
        this.model = model;
        this.timeout = timeout;
        this.onTimeout = onTimeout;
        this.timer = new ScheduledThreadPoolExecutor(1, StepWatch::daemon);
        timer.setRemoveOnCancelPolicy(true);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "sightmill-step-watch");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public StepResult run(BatchPlan plan) {
        Future<?> watch =
                timer.schedule(
                        () -> onTimeout.accept(new StepTimeoutException(timeout, describe(plan))),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
        try {
            return model.run(plan);
        } finally {
            watch.cancel(false);
        }
    }

    private static String describe(BatchPlan plan) {
        return Stream.of(
                        names("encode", plan.embeds()),
                        names(
                                "prefill",
                                plan.prefills().stream().map(PrefillChunk::sequence).toList()),
                        names("decode", plan.decodes()))
                .filter(names -> !names.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String names(String stage, List<Sequence> sequences) {
        return sequences.isEmpty()
                ? ""
                : sequences.stream()
                        .limit(MOST_NAMED)
                        .map(each -> each.id().requestId() + "/" + each.id().taskId())
                        .collect(Collectors.joining(", ", stage + " of ", ""));
    }

    @Override
    public void begin(EngineOptions options) {
        model.begin(options);
    }

    @Override
    public void admit(Sequence sequence) {
        model.admit(sequence);
    }

    @Override
    public void probe() {
        model.probe();
    }

    @Override
    public void release(Sequence sequence) {
        model.release(sequence);
    }

    @Override
    public ImageCounters images() {
        return model.images();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
