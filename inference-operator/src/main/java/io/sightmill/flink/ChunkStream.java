package io.sightmill.flink;

import io.sightmill.engine.StreamedText;
import io.sightmill.engine.TokenDecoder;
import io.sightmill.schema.AnswerChunk;
import java.util.List;
import java.util.Optional;

/**
 * A task's answer as chunks while it is generated. Text and index of a chunk follow from the tokens
 * alone: what is generated again after a failure gives the same chunks, and one that goes on from
 * its last token goes on counting. Owned by the mailbox thread.
 */
final class ChunkStream {

    private final String requestId;
    private final String taskId;
    private final StreamedText text;
    private int nextIndex;

    /**
     * @param stop the answer ends before the first of these
     */
    ChunkStream(String requestId, String taskId, TokenDecoder decoder, List<String> stop) {
        this.requestId = requestId;
        this.taskId = taskId;
        this.text = new StreamedText(decoder, stop);
    }

    /** Passes over tokens whose chunks went out before a checkpoint. */
    void skip(int[] tokens) {
        for (int token : tokens) {
            next(token);
        }
    }

    /** What the next token completes; none while it is part of something unfinished. */
    Optional<AnswerChunk> next(int token) {
        String piece = text.append(token);
        return piece.isEmpty() ? Optional.empty() : Optional.of(chunk(piece, false));
    }

    /**
     * The last chunk, which may be empty.
     *
     * @param whole the answer's text
     */
    AnswerChunk end(String whole) {
        return chunk(text.end(whole), true);
    }

    private AnswerChunk chunk(String piece, boolean last) {
        return new AnswerChunk(requestId, taskId, nextIndex++, piece, last, null);
    }
}
