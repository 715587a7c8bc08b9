package io.sightmill.engine;

import java.util.Arrays;

/**
 * A sequence that runs: its request and how far it has come. Owned by the engine's thread; the
 * runner reads it and never changes it.
 */
public final class Sequence {

    private static final int[] NO_TOKENS = {};

    private final SequenceRequest request;
    private final Prompt prefill;
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
        this(request, request.task().prompt(), replay, NO_TOKENS);
    }

    private Sequence(SequenceRequest request, Prompt prefill, int[] replay, int[] had) {
        this.request = request;
        this.prefill = prefill;
        this.replay = replay;
        this.tokens = Arrays.copyOf(had, Math.max(16, Math.max(replay.length, had.length) + 1));
        this.tokenCount = had.length;
    }

    /** A sequence that begins again with its tokens prefilled behind the prompt, not replayed. */
    static Sequence prefilling(SequenceRequest request, int[] known) {
        return new Sequence(request, request.task().prompt().followedBy(known), NO_TOKENS, known);
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

    /**
     * What is prefilled: the prompt, and where {@link EngineOptions#prefillsKnownTokens()} says so
     * the tokens that the sequence had before it began again.
     */
    public Prompt prefill() {
        return prefill;
    }

    /** How many positions of {@link #prefill()} have run. */
    public int prefilledTokens() {
        return prefilledTokens;
    }

    public boolean isPrefilled() {
        return prefilledTokens == prefill.length();
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
