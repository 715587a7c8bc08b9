package io.sightmill.flink;

import java.util.Arrays;
import java.util.Optional;

/** How far a task has come, as the operator knows it. Owned by the mailbox thread. */
final class TaskProgress {

    private int[] tokens;
    private int tokenCount;
    private TaskOutcome outcome;
    private long timedFrom;
    private boolean resuming;
    private ChunkStream chunks;

    TaskProgress() {
        this(new int[0], null);
    }

    /**
     * @param tokens generated before a restore; not copied
     * @param outcome null while the task is not finished
     */
    TaskProgress(int[] tokens, TaskOutcome outcome) {
        this.tokens = tokens;
        this.tokenCount = tokens.length;
        this.outcome = outcome;
        this.resuming = tokens.length > 0;
    }

    void append(int tokenId) {
        resuming = false;
        if (tokenCount == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(16, tokens.length * 2));
        }
        tokens[tokenCount++] = tokenId;
    }

    /** From now on its text is wanted while it is generated. */
    void streamTo(ChunkStream stream) {
        chunks = stream;
    }

    /** Where its text goes while it is generated, if that is wanted. */
    Optional<ChunkStream> chunks() {
        return Optional.ofNullable(chunks);
    }

    /** Notes when it went to the engine, or its last token came, in nanoseconds of any origin. */
    void timeFrom(long nanos) {
        timedFrom = nanos;
    }

    long timedFrom() {
        return timedFrom;
    }

    /** Whether all its tokens are of before a restore: no time passed between them here. */
    boolean isResuming() {
        return resuming;
    }

    /** A copy of the tokens so far; none once the task is finished. */
    int[] tokens() {
        return Arrays.copyOf(tokens, tokenCount);
    }

    /** Starts over; tells how many tokens there were. */
    int forgetTokens() {
        int forgotten = tokenCount;
        tokenCount = 0;
        return forgotten;
    }

    boolean hasTokens() {
        return tokenCount > 0;
    }

    boolean isFinished() {
        return outcome != null;
    }

    /** What the task gave; null while it is not finished. */
    TaskOutcome outcome() {
        return outcome;
    }

    void finish(TaskOutcome given) {
        outcome = given;
        tokens = new int[0];
        tokenCount = 0;
    }
}
