package io.sightmill.engine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The continuous-batching engine: sequences go in, and in every step those that are admitted
 * advance together, whenever they came.
 *
 * <p>Every sequence submitted ends exactly once, in {@link EngineListener#onFinished} or {@link
 * EngineListener#onFailed}, and what it gives does not depend on the others. One thread owns the
 * engine and calls all of its methods; the listener is called by that thread and may submit and
 * cancel. The queue of waiting sequences is not bounded here: who submits holds back by {@link
 * EngineCounters#waiting()}.
 */
public final class GenerationEngine implements AutoCloseable {

    private final ModelRunner runner;
    private final Answers answers;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final SizeLimits limits;
    private final WaitingLanes waiting = new WaitingLanes();
    private final KeptPrefixes kept;
    private final RunningSequences running;
    private final Scheduler scheduler;
    private final Quarantine quarantine = new Quarantine();
    private final FaultIsolation faultIsolation;
    private final Settlement settlement;
    private final EngineEvents events;
    private final EarlyEnds earlyEnds;
    private final Admission admission;
    private long steps;
    private boolean closed;

    /**
     * @param runner stays the caller's, who closes its model after the engine
     * @param nanoTime the clock for {@link SequenceTimings}, in nanoseconds from any origin
     * @param clock the clock for deadlines
     */
    public GenerationEngine(
            ModelRunner runner,
            ModelDescription description,
            TokenDecoder decoder,
            EngineOptions options,
            EngineListener listener,
            LongSupplier nanoTime,
            InstantSource clock) {
        this.runner = Objects.requireNonNull(runner, "runner");
        Objects.requireNonNull(description, "description");
        this.answers = new Answers(description, Objects.requireNonNull(decoder, "decoder"));
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.limits =
                new SizeLimits(
                        description.contextTokens(), options.kvTokens(), runner::heldKvTokens);
        this.kept = new KeptPrefixes(waiting, new ChunkBorders(options.chunkTokens()));
        this.running = new RunningSequences(runner, options, kept);
        this.scheduler = new Scheduler(options);
        this.faultIsolation = new FaultIsolation(runner, quarantine);
        this.events = new EngineEvents(Objects.requireNonNull(listener, "listener"));
        this.settlement = new Settlement(running, events, nanoTime);
        this.earlyEnds = new EarlyEnds(waiting, running, events, answers, nanoTime);
        this.admission = new Admission(waiting, running, events, answers, options, nanoTime);
        runner.begin(options);
    }

    /**
     * Takes a sequence. The listener hears at once, before this returns, of one that can never fit
     * ({@link Reason#PROMPT_TOO_LONG}) and of one whose {@code tokensSoFar} already end its answer;
     * the model runs for neither.
     *
     * @throws IllegalArgumentException if a sequence of the same id waits or runs; that one is not
     *     touched, and the listener hears nothing of this one
     * @throws IllegalStateException if the engine is closed
     */
    public void submit(SequenceRequest request) {
        submit(request, nanoTime.getAsLong());
    }

    /**
     * The same for a sequence that has waited to be submitted.
     *
     * @param sinceNanos since when, on the engine's clock; {@link SequenceTimings#queue()} counts
     *     from there
     */
    public void submit(SequenceRequest request, long sinceNanos) {
        requireOpen();
        SequenceId id = request.id();
        if (isInFlight(id)) {
            throw new IllegalArgumentException("sequence " + id + " is in the engine already");
        }
        Answer soFar = answers.of(request, request.tokensSoFar());
        if (soFar.end().isPresent()) {
            FinishReason reason = soFar.end().get();
            events.finished(
                    SequenceResults.notRunning(request, soFar, reason, SequenceTimings.NONE));
        } else {
            enqueue(request, sinceNanos);
        }
        events.deliver();
    }

    /**
     * Ends every sequence of a request with {@link FinishReason#CANCELLED} and the tokens it has,
     * replayed ones included.
     *
     * @return whether there was any
     */
    public boolean cancel(String requestId) {
        boolean any =
                earlyEnds.end(
                        request -> request.requestId().equals(requestId), FinishReason.CANCELLED);
        events.deliver();
        return any;
    }

    /**
     * Ends what is late, admits, plans, runs and settles once.
     *
     * @return whether there is work left
     * @throws EngineFailureException if the device does not work; no sequence is failed for it
     * @throws IllegalStateException if the engine is closed, or the runner broke its contract,
     *     which is a fault of ours: the engine can only be closed then
     */
    public boolean step() {
        return step(plan -> run(plan.firstTokensFirst()));
    }

    /**
     * The same, where others may come meanwhile: a live sequence that fits and finds tokens left in
     * the step does not wait for the next one, only for what runs when it comes; nor does one whose
     * prompt has several chunks wait between them.
     *
     * @param arrivals called between two parts of the step; may submit and cancel
     */
    public boolean step(Runnable arrivals) {
        return step(plan -> run(plan, arrivals));
    }

    private boolean step(Consumer<BatchPlan> runs) {
        requireOpen();
        Instant now = clock.instant();
        try {
            earlyEnds.end(request -> request.isLate(now), FinishReason.LATE);
            admission.admit();
            BatchPlan plan =
                    scheduler.plan(
                            running.inAdmissionOrder(), kept.all(), waiting.size(Lane.LIVE) > 0);
            if (!plan.isEmpty()) {
                steps++;
                runs.accept(plan);
                running.releaseUnneeded();
            }
        } catch (CallHungException hung) {
            beginAgain(hung);
        }
        quarantine.keepOnly(this::isInFlight);
        events.deliver();
        running.rethrowReleaseFailure();
        return hasWork();
    }

    /** Runs a plan and what live adds to it meanwhile. */
    private void run(BatchPlan plan, Runnable arrivals) {
        int tokensLeft = scheduler.tokensLeft(plan);
        Deque<BatchPlan> parts = new ArrayDeque<>(plan.recordByRecord());
        while (!parts.isEmpty()) {
            run(List.of(parts.removeFirst()));
            if (!parts.isEmpty()) {
                arrivals.run();
                BatchPlan more = moreOfLive(parts, tokensLeft);
                tokensLeft -= more.stepTokens();
                List<BatchPlan> first = new ArrayList<>(more.recordByRecord());
                Collections.reverse(first);
                first.forEach(parts::addFirst);
            }
        }
    }

    private BatchPlan moreOfLive(Collection<BatchPlan> parts, int tokensLeft) {
        if (waiting.size(Lane.LIVE) > 0) {
            admission.admitLatecomers();
        }
        Set<Sequence> planned = new HashSet<>();
        parts.forEach(part -> planned.addAll(part.sequences()));
        return scheduler.moreOfLive(running.inAdmissionOrder(), kept.all(), planned, tokensLeft);
    }

    /** Between two parts the listener may end sequences of the second. */
    private void run(List<BatchPlan> parts) {
        for (BatchPlan part : parts) {
            BatchPlan left = part.only(sequence -> running.find(sequence.id()).isPresent());
            if (!left.isEmpty()) {
                settlement.settle(faultIsolation.run(left));
                events.deliver();
            }
        }
    }

    /**
     * Everything in flight as plain data, with the tokens so far, in an order in which another
     * engine may be given it: what it gives then is what this one would have given. Between two
     * steps, the thread's like every method; it copies token ids and nothing else.
     */
    public List<SequenceRequest> snapshot() {
        List<SequenceRequest> inFlight = new ArrayList<>();
        for (RunningSequence sequence : running.all()) {
            inFlight.add(sequence.request().withTokensSoFar(sequence.known()));
        }
        for (WaitingSequence sequence : waiting.all()) {
            inFlight.add(sequence.request().withTokensSoFar(sequence.known()));
        }
        return inFlight;
    }

    /** Whether a sequence waits or runs. */
    public boolean hasWork() {
        return !waiting.isEmpty() || running.size() > 0;
    }

    /** What the engine does and has done. */
    public EngineCounters counters() {
        return new EngineCounters(
                running.size(Lane.LIVE),
                running.size(Lane.BULK),
                waiting.size(Lane.LIVE),
                waiting.size(Lane.BULK),
                running.kvTokensUsed(),
                steps,
                settlement.promptTokens(),
                settlement.labelTokens(),
                settlement.cachedTokens(),
                settlement.generatedTokens(),
                settlement.replayedTokens(),
                events.finished(),
                events.cancelled(),
                events.late(),
                admission.preemptions(),
                events.failed(),
                runner.images());
    }

    /**
     * Ends everything that waits or runs with {@link FinishReason#CANCELLED} and the tokens it has.
     * Closing again does nothing.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        earlyEnds.end(request -> true, FinishReason.CANCELLED);
        events.deliver();
        running.rethrowReleaseFailure();
    }

    private void enqueue(SequenceRequest request, long sinceNanos) {
        try {
            limits.check(request.task());
            waiting.add(WaitingSequence.submitted(request, sinceNanos));
        } catch (RequestRejectedException tooLong) {
            events.failed(request, tooLong);
        }
    }

    /** Everything the model held is gone: what ran waits again, the culprit excepted, if known. */
    private void beginAgain(CallHungException hung) {
        hung.plan()
                .ifPresent(
                        plan -> {
                            if (plan.size() == 1) {
                                settlement.failHung(FaultIsolation.fault(plan, hung));
                            } else {
                                quarantine.suspect(plan);
                            }
                        });
        List<RunningSequence> lost = running.releaseAll();
        for (int youngest = lost.size() - 1; youngest >= 0; youngest--) {
            waiting.putBack(lost.get(youngest).givesWay(nanoTime.getAsLong()));
        }
    }

    private boolean isInFlight(SequenceId id) {
        return waiting.contains(id) || running.find(id).isPresent();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
    }
}
