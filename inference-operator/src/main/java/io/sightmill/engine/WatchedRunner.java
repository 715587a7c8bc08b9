package io.sightmill.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Calls a model on a thread of its own and does not wait for ever: a call that takes too long is
 * left behind with its thread and its runner, another runner takes its place, and the caller gets a
 * {@link CallHungException}. A native call cannot be interrupted; what it holds is freed if it ever
 * returns. Used by the engine's thread.
 */
public final class WatchedRunner implements ModelRunner {

    /** So many calls may hang at once; each keeps a thread and the KV memory of its runner. */
    static final int MOST_HANGING = 4;

    private final Supplier<ModelRunner> runners;
    private final Duration timeout;
    private final List<RunnerThread> left = new ArrayList<>();

    /** Those that the present runner has admitted; what another had is gone with it. */
    private final Set<Sequence> admitted = Collections.newSetFromMap(new IdentityHashMap<>());

    private EngineOptions options;
    private RunnerThread current;

    /** As of its last step: a runner in a call is not to be asked. */
    private ImageCounters images = ImageCounters.NONE;

    private ImageCounters imagesBefore = ImageCounters.NONE;

    /**
     * @param runners gives a runner each time, closed by this; all work on the same weights
     * @param timeout longest that a call may take, above zero
     */
    public WatchedRunner(Supplier<ModelRunner> runners, Duration timeout) {
        this.runners = Objects.requireNonNull(runners, "runners");
        this.timeout = timeout;
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout is " + timeout + " and must be above zero");
        }
        this.current = new RunnerThread(runners.get());
    }

    @Override
    public void begin(EngineOptions bounds) {
        options = bounds;
        call("begin", runner -> runner.begin(bounds));
    }

    /** Asked at once: it is a matter of numbers, not of the device. */
    @Override
    public int heldKvTokens(PreparedTask task) {
        return current.runner().heldKvTokens(task);
    }

    @Override
    public void admit(Sequence sequence) {
        call("admit", runner -> runner.admit(sequence));
        admitted.add(sequence);
    }

    @Override
    public StepResult run(BatchPlan plan) {
        ModelRunner runner = current.runner();
        StepResult result = await("run", Optional.of(plan), () -> runner.run(plan));
        images = runner.images();
        return result;
    }

    @Override
    public void probe() {
        call("probe", ModelRunner::probe);
    }

    /** Nothing is to be done for one that a runner left behind has. */
    @Override
    public void release(Sequence sequence) {
        if (admitted.remove(sequence)) {
            call("release", runner -> runner.release(sequence));
        }
    }

    @Override
    public ImageCounters images() {
        return new ImageCounters(
                imagesBefore.hits() + images.hits(),
                imagesBefore.misses() + images.misses(),
                images.bytes());
    }

    /**
     * Whether a call that was left behind has not returned: the model must not be closed then.
     * Thread-safe.
     */
    public boolean isHanging() {
        synchronized (left) {
            left.removeIf(RunnerThread::hasEnded);
            return !left.isEmpty();
        }
    }

    /**
     * Waits until every call that was left behind has returned, which may be never. Thread-safe.
     */
    public void awaitHanging() {
        List<RunnerThread> hanging;
        synchronized (left) {
            hanging = List.copyOf(left);
        }
        hanging.forEach(RunnerThread::join);
    }

    /** Closes the present runner; those left behind close themselves when they can. */
    @Override
    public void close() {
        current.leave();
        if (!current.join(timeout)) {
            leaveBehind();
        }
    }

    private interface Call {
        void on(ModelRunner runner);
    }

    private void call(String name, Call call) {
        ModelRunner runner = current.runner();
        await(
                name,
                Optional.empty(),
                () -> {
                    call.on(runner);
                    return null;
                });
    }

    private <T> T await(String name, Optional<BatchPlan> plan, Callable<T> call) {
        Optional<RunnerThread.Outcome<T>> outcome = current.call(call, timeout);
        if (outcome.isPresent()) {
            return outcome.get().orThrow();
        }
        CallHungException hung = new CallHungException(name, timeout, plan);
        replace(hung);
        throw hung;
    }

    private void replace(CallHungException hung) {
        leaveBehind();
        synchronized (left) {
            left.removeIf(RunnerThread::hasEnded);
            if (left.size() >= MOST_HANGING) {
                throw new EngineFailureException(
                        "%d calls of the model hang; restart the process".formatted(left.size()),
                        hung);
            }
        }
        current = new RunnerThread(runners.get());
        ModelRunner fresh = current.runner();
        Callable<Void> begin =
                () -> {
                    fresh.begin(options);
                    return null;
                };
        current.call(begin, timeout)
                .orElseThrow(
                        () ->
                                new EngineFailureException(
                                        "a fresh runner of the model hangs; restart the process",
                                        hung))
                .orThrow();
    }

    private void leaveBehind() {
        current.leave();
        admitted.clear();
        imagesBefore = images();
        images = ImageCounters.NONE;
        synchronized (left) {
            left.add(current);
        }
    }
}
