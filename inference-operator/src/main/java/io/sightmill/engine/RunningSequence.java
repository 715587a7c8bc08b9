package io.sightmill.engine;

import java.time.Duration;

/** An admitted sequence: its state for the runner, its answer so far, and where its time went. */
final class RunningSequence {

    private final Sequence sequence;
    private final Answer answer;
    private final Duration queue;
    private Duration encode = Duration.ZERO;
    private Duration prefill = Duration.ZERO;
    private long firstTokenNanos;
    private long lastTokenNanos;

    RunningSequence(SequenceRequest request, Answer answer, Duration queue) {
        this.sequence = new Sequence(request);
        this.answer = answer;
        this.queue = queue;
    }

    Sequence sequence() {
        return sequence;
    }

    SequenceRequest request() {
        return sequence.request();
    }

    Answer answer() {
        return answer;
    }

    SequenceTimings timings() {
        Duration decode = Duration.ofNanos(lastTokenNanos - firstTokenNanos);
        return new SequenceTimings(queue, encode, prefill, decode);
    }

    /** Notes the time of a step that encoded its images. */
    void encodedFor(Duration time) {
        encode = encode.plus(time);
    }

    /** Notes that its prompt has run up to a position, and the time of the step that did it. */
    void prefilledTo(int position, Duration time) {
        sequence.prefilledTo(position);
        prefill = prefill.plus(time);
    }

    /** Whether its next token was generated before and is only replayed. */
    boolean isReplaying() {
        return sequence.tokenCount() < request().tokensSoFar().length;
    }

    /**
     * Takes its next token.
     *
     * @return the token, which is the replayed one while it is replaying
     */
    int take(int modelToken, long nowNanos) {
        if (sequence.tokenCount() == 0) {
            firstTokenNanos = nowNanos;
        }
        lastTokenNanos = nowNanos;
        int token = sequence.append(modelToken);
        answer.append(token);
        return token;
    }
}
