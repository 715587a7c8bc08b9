package io.sightmill.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

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

    private final ModelDescription description;
    private final TokenDecoder decoder;
    private final LongSupplier nanoTime;
    private final SizeLimits limits;
    private final WaitingLanes waiting = new WaitingLanes();
    private final RunningSequences running;
    private final Scheduler scheduler;
    private final FaultIsolation faultIsolation;
    private final Settlement settlement;
    private final EngineEvents events;
    private long steps;
    private boolean closed;

    /**
     * @param runner stays the caller's, who closes its model after the engine
     * @param nanoTime the clock for {@link SequenceTimings}, in nanoseconds from any origin
     */
    public GenerationEngine(
            ModelRunner runner,
            ModelDescription description,
            TokenDecoder decoder,
            EngineOptions options,
            EngineListener listener,
            LongSupplier nanoTime) {
        Objects.requireNonNull(runner, "runner");
        this.description = Objects.requireNonNull(description, "description");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.limits = new SizeLimits(description.contextTokens(), options.kvTokens());
        this.running = new RunningSequences(runner, options);
        this.scheduler = new Scheduler(options);
        this.faultIsolation = new FaultIsolation(runner);
        this.events = new EngineEvents(Objects.requireNonNull(listener, "listener"));
        this.settlement = new Settlement(running, events, nanoTime);
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
        requireOpen();
        SequenceId id = request.id();
        if (waiting.contains(id) || running.find(id).isPresent()) {
            throw new IllegalArgumentException("sequence " + id + " is in the engine already");
        }
        Answer soFar = answerSoFar(request);
        if (soFar.end().isPresent()) {
            FinishReason reason = soFar.end().get();
            events.finished(SequenceResults.notAdmitted(request, soFar, reason, Duration.ZERO));
        } else {
            enqueue(request);
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
        boolean any = cancelIf(request -> request.requestId().equals(requestId));
        events.deliver();
        return any;
    }

    /**
     * Admits, plans, runs and settles once.
     *
     * @return whether there is work left
     * @throws IllegalStateException if the engine is closed, or the runner broke its contract,
     *     which is a fault of ours: the engine can only be closed then
     */
    public boolean step() {
        requireOpen();
        admit();
        BatchPlan plan = scheduler.plan(running.inAdmissionOrder());
        if (!plan.isEmpty()) {
            steps++;
            settlement.settle(faultIsolation.run(plan));
        }
        events.deliver();
        running.rethrowReleaseFailure();
        return hasWork();
    }

    /** Whether a sequence waits or runs. */
    public boolean hasWork() {
        return !waiting.isEmpty() || running.size() > 0;
    }

    /** What the engine does and has done. */
    public EngineCounters counters() {
        return new EngineCounters(
                running.size(),
                waiting.size(Lane.LIVE),
                waiting.size(Lane.BULK),
                running.kvTokensUsed(),
                steps,
                settlement.promptTokens(),
                settlement.generatedTokens(),
                settlement.replayedTokens(),
                events.finished(),
                events.cancelled(),
                events.failed());
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
        cancelIf(request -> true);
        events.deliver();
        running.rethrowReleaseFailure();
    }

    private void enqueue(SequenceRequest request) {
        try {
            limits.check(request.task());
            waiting.add(new WaitingSequence(request, nanoTime.getAsLong()));
        } catch (RequestRejectedException tooLong) {
            events.failed(request, tooLong);
        }
    }

    private void admit() {
        Optional<WaitingSequence> next = waiting.pollIf(running::fits);
        while (next.isPresent()) {
            admit(next.get());
            next = waiting.pollIf(running::fits);
        }
    }

    private void admit(WaitingSequence sequence) {
        SequenceRequest request = sequence.request();
        Answer answer = newAnswer(request);
        try {
            running.admit(new RunningSequence(request, answer, waited(sequence)));
        } catch (RuntimeException | OutOfMemoryError refused) {
            fail(request, refused);
        } catch (Error fatal) {
            fail(request, fatal);
            throw fatal;
        }
    }

    private void fail(SequenceRequest request, Throwable refused) {
        String message = "the model did not take the sequence: " + refused;
        events.failed(
                request,
                new RequestRejectedException(
                        Stage.PREFILL, Reason.MODEL_FAILURE, message, refused));
    }

    private boolean cancelIf(Predicate<SequenceRequest> condition) {
        boolean any = false;
        for (RunningSequence sequence : running.all()) {
            if (condition.test(sequence.request())) {
                any = true;
                running.release(sequence);
                events.finished(
                        SequenceResults.answered(
                                sequence.request(),
                                whatItHas(sequence),
                                FinishReason.CANCELLED,
                                sequence.timings()));
            }
        }
        for (WaitingSequence sequence : waiting.remove(condition)) {
            any = true;
            SequenceRequest request = sequence.request();
            events.finished(
                    SequenceResults.notAdmitted(
                            request,
                            answerSoFar(request),
                            FinishReason.CANCELLED,
                            waited(sequence)));
        }
        return any;
    }

    /** A sequence that still replays has all of the tokens it had before. */
    private Answer whatItHas(RunningSequence sequence) {
        return sequence.isReplaying() ? answerSoFar(sequence.request()) : sequence.answer();
    }

    private Answer answerSoFar(SequenceRequest request) {
        Answer answer = newAnswer(request);
        return request.task().kind() == TaskKind.GENERATE
                ? answer.appendAll(request.tokensSoFar())
                : answer;
    }

    private Answer newAnswer(SequenceRequest request) {
        return new Answer(request.task().generation(), description.endTokenIds(), decoder);
    }

    private Duration waited(WaitingSequence sequence) {
        return Duration.ofNanos(nanoTime.getAsLong() - sequence.submittedNanos());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
    }
}
