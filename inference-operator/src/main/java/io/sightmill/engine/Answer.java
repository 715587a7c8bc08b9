package io.sightmill.engine;

import java.util.Optional;
import java.util.Set;

/**
 * An answer as it grows, and when it ends: at an end token, at a stop string or at {@code
 * maxNewTokens}, whichever comes first. Whether its tokens are new or replayed makes no difference.
 */
final class Answer {

    private final AnswerText text;
    private final int maxNewTokens;
    private final Set<Integer> endTokenIds;
    private FinishReason end;

    Answer(GenerationOptions generation, Set<Integer> endTokenIds, TokenDecoder decoder) {
        this.text = new AnswerText(decoder, generation.stop());
        this.maxNewTokens = generation.maxNewTokens();
        this.endTokenIds = endTokenIds;
    }

    /** Takes the next token; one that comes after the end is no part of the answer. */
    void append(int token) {
        if (end != null) {
            return;
        }
        if (endTokenIds.contains(token)) {
            end = FinishReason.STOP;
        } else if (text.append(token)) {
            end = FinishReason.STOP;
        } else if (text.tokenCount() == maxNewTokens) {
            end = FinishReason.LENGTH;
        }
    }

    /** Takes several tokens in order. */
    Answer appendAll(int[] tokens) {
        for (int token : tokens) {
            append(token);
        }
        return this;
    }

    /** Why it ended; empty while it goes on. */
    Optional<FinishReason> end() {
        return Optional.ofNullable(end);
    }

    int tokenCount() {
        return text.tokenCount();
    }

    /** The tokens, end token excluded. */
    int[] tokens() {
        return text.tokens();
    }

    String text() {
        return text.text();
    }
}
