package io.sightmill.engine;

import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Ends sequences that wait or run before their answer is complete, with the tokens they have. */
final class EarlyEnds {

    private final WaitingLanes waiting;
    private final RunningSequences running;
    private final EngineEvents events;
    private final Answers answers;
    private final LongSupplier nanoTime;

    EarlyEnds(
            WaitingLanes waiting,
            RunningSequences running,
            EngineEvents events,
            Answers answers,
            LongSupplier nanoTime) {
        this.waiting = waiting;
        this.running = running;
        this.events = events;
        this.answers = answers;
        this.nanoTime = nanoTime;
    }

    /**
     * Ends those for which the condition holds.
     *
     * @return whether there was any
     */
    boolean end(Predicate<SequenceRequest> condition, FinishReason reason) {
        boolean any = false;
        for (RunningSequence sequence : running.all()) {
            if (condition.test(sequence.request())) {
                any = true;
                running.end(sequence);
                events.finished(
                        SequenceResults.answered(
                                sequence,
                                answers.of(sequence.request(), sequence.known()),
                                reason));
            }
        }
        for (WaitingSequence sequence : waiting.remove(condition)) {
            any = true;
            events.finished(
                    SequenceResults.notRunning(
                            sequence.request(),
                            answers.of(sequence.request(), sequence.known()),
                            reason,
                            sequence.timings(nanoTime.getAsLong())));
        }
        running.releaseUnneeded();
        return any;
    }
}
