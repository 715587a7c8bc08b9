package io.sightmill.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An admitted sequence: its state for the runner, its answer so far, and where its time went. */
final class RunningSequence {

    private final Sequence sequence;
    private final Answer answer;
    private SequenceTimings spent;
    private final List<TokenLogProbabilities> logProbabilities = new ArrayList<>();
    private int cachedTokens;
    private boolean keepsPlace;
    private boolean hasDecoded;
    private long firstTokenNanos;
    private long lastTokenNanos;

    /**
     * @param answer without a token
     * @param prefillsKnown whether the tokens it had are prefilled and not replayed; they are
     *     replayed all the same where their log-probabilities are wanted
     */
    RunningSequence(WaitingSequence admitted, Answer answer, boolean prefillsKnown, long nowNanos) {
        boolean replays =
                !prefillsKnown || admitted.request().task().generation().wantsLogProbabilities();
        this.sequence =
                replays
                        ? new Sequence(admitted.request(), admitted.known())
                        : Sequence.prefilling(admitted.request(), admitted.known());
        this.answer = replays ? answer : answer.appendAll(admitted.known());
        this.spent = admitted.timings(nowNanos);
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
        return spent.andDecoded(Duration.ofNanos(lastTokenNanos - firstTokenNanos));
    }

    /** Notes the time of a step that encoded its images. */
    void encodedFor(Duration time) {
        spent = spent.andEncoded(time);
    }

    /** Notes that a chunk of its prompt has run, and the time of the step that did it. */
    void prefilled(PrefillChunk chunk, Duration time) {
        sequence.prefilledTo(chunk.to());
        if (chunk.prefixOf().isPresent()) {
            cachedTokens = chunk.from();
        }
        if (chunk.length() > 0) {
            spent = spent.andPrefilled(time);
        }
    }

    /** One a token of its answer, as far as it has come since it began; none if not asked for. */
    List<TokenLogProbabilities> logProbabilities() {
        return logProbabilities;
    }

    /** How many positions of its prompt were copied. */
    int cachedTokens() {
        return cachedTokens;
    }

    /** Whether its next token was generated before and is only replayed. */
    boolean isReplaying() {
        return sequence.isReplaying();
    }

    /** Every token it has, those that are still to be replayed included. */
    int[] known() {
        return sequence.known();
    }

    /** From now on it does not give way to live sequences. */
    void keepPlace() {
        keepsPlace = true;
    }

    boolean keepsPlace() {
        return keepsPlace;
    }

    /** The same sequence, waiting to begin again where it is now. */
    WaitingSequence givesWay(long nowNanos) {
        return new WaitingSequence(request(), known(), timings(), nowNanos);
    }

    /**
     * Takes its next token.
     *
     * @return the token, which is the replayed one while it is replaying
     */
    int take(SequenceOutput.Token output, long nowNanos) {
        if (!hasDecoded) {
            firstTokenNanos = nowNanos;
            hasDecoded = true;
        }
        lastTokenNanos = nowNanos;
        int token = sequence.append(output.tokenId());
        int before = answer.tokenCount();
        answer.append(token);
        if (answer.tokenCount() > before) {
            output.logProbabilities().ifPresent(logProbabilities::add);
        }
        return token;
    }
}
