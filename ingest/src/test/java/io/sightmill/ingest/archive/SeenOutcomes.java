package io.sightmill.ingest.archive;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.util.ArrayList;
import java.util.List;

/** Remembers the requestIds of what it was told. */
final class SeenOutcomes implements OutcomeListener {

    private final List<String> answers = new ArrayList<>();
    private final List<String> embeddings = new ArrayList<>();
    private final List<String> rejections = new ArrayList<>();
    private final List<String> undecodable = new ArrayList<>();

    @Override
    public void onAnswer(Answer answer) {
        answers.add(answer.getRequestId());
    }

    @Override
    public void onEmbedding(Embedding embedding) {
        embeddings.add(embedding.getRequestId());
    }

    @Override
    public void onRejection(Rejection rejection) {
        rejections.add(rejection.getRequestId());
    }

    @Override
    public void onUndecodable(String where, UndecodableRecordException exception) {
        undecodable.add(where);
    }

    List<String> answers() {
        return answers;
    }

    List<String> embeddings() {
        return embeddings;
    }

    List<String> rejections() {
        return rejections;
    }

    List<String> undecodable() {
        return undecodable;
    }
}
