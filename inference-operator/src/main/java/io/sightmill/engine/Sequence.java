package io.sightmill.engine;

import java.util.Arrays;

/**
 * A sequence that runs: its request and how far it has come. Owned by the engine's thread; the
 * runner reads it and never changes it.
 */
public final class Sequence {

    private final SequenceRequest request;
    private final int[] replay;
    private int prefilledTokens;
    private int[] tokens;
    private int tokenCount;

    /** A sequence that has not begun. Replays {@code request.tokensSoFar()} once it decodes. */
    public Sequence(SequenceRequest request) {
        this(request, request.tokensSoFar());
    }

    /**
     * A sequence that begins again.
     *
     * @param replay the tokens it had; not copied, never changed
     */
    Sequence(SequenceRequest request, int[] replay) {
        this.request = request;
        this.replay = replay;
        this.tokens = new int[Math.max(16, replay.length + 1)];
    }

    public SequenceId id() {
        return request.id();
    }

    public SequenceRequest request() {
        return request;
    }

    public PreparedTask task() {
        return request.task();
    }

    public Prompt prompt() {
        return request.task().prompt();
    }

    /** How many positions of the prompt have run. */
    public int prefilledTokens() {
        return prefilledTokens;
    }

    public boolean isPrefilled() {
        return prefilledTokens == prompt().length();
    }

    /** How many tokens are generated; also the index of the next one, which seeds its sampling. */
    public int tokenCount() {
        return tokenCount;
    }

    /** A copy of the tokens generated so far. */
    public int[] tokens() {
        return Arrays.copyOf(tokens, tokenCount);
    }

    /** Whether its next token was generated before and is only replayed. */
    public boolean isReplaying() {
        return tokenCount < replay.length;
    }

    /** The token that comes next while {@link #isReplaying()}, whatever the model would choose. */
    public int replayedToken() {
        if (!isReplaying()) {
            throw new IllegalStateException("sequence " + id() + " has no token to replay");
        }
        return replay[tokenCount];
    }

    /** Every token it has, those that are still to be replayed included. */
    int[] known() {
        return isReplaying() ? replay : tokens();
    }

    /** The token the next decode step feeds: the last one generated. */
    public int inputToken() {
        if (tokenCount == 0) {
            throw new IllegalStateException("sequence " + id() + " has no token yet");
        }
        return tokens[tokenCount - 1];
    }

    /** The position the next decode step feeds it at. */
    public int inputPosition() {
        return prompt().length() + tokenCount - 1;
    }

    void prefilledTo(int position) {
        prefilledTokens = position;
    }

    /** Takes the next token: the replayed one while there are any, else the one the model gave. */
    int append(int modelToken) {
        int token = isReplaying() ? replayedToken() : modelToken;
        if (tokenCount == tokens.length) {
            tokens = Arrays.copyOf(tokens, tokens.length * 2);
        }
        tokens[tokenCount++] = token;
        return token;
    }
}
