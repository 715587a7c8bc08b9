package io.sightmill.ingest.archive;

import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.codec.UndecodableRecordException;

/** Is told what became of requests, on the thread that reads. */
public interface OutcomeListener {

    /** A task was answered. */
    void onAnswer(Answer answer);

    /** A piece of an answer under way came; after a failure it may come again. */
    default void onAnswerChunk(AnswerChunk chunk) {}

    /** A task gave an embedding. */
    default void onEmbedding(Embedding embedding) {}

    /** A request was turned away; its requestId may be null. */
    void onRejection(Rejection rejection);

    /** A record of an outcome topic is none; it is passed over. */
    default void onUndecodable(String where, UndecodableRecordException exception) {}
}
