package io.sightmill.local.command;

import io.sightmill.ingest.archive.OutcomeListener;
import io.sightmill.ingest.archive.ReadImage;
import io.sightmill.ingest.claim.ClaimCheck;
import io.sightmill.local.deployment.LocalImageStore;
import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The large images of a run: stored when they are published, deleted when no request of the run
 * waits for them any more. Only those that this run stored are deleted; an earlier run may wait for
 * the others, which expire. Used by one thread.
 */
final class ClaimedImages implements OutcomeListener {

    private final LocalImageStore store;
    private final OutcomeListener next;

    /** Images of this run's requests, by requestId. */
    private final Map<String, List<String>> claims = new HashMap<>();

    /** How many requests of this run wait for an image, by its URI. */
    private final Map<String, Integer> waiting = new HashMap<>();

    private final Set<URI> created = new HashSet<>();

    /**
     * @param next hears of every outcome too
     */
    ClaimedImages(LocalImageStore store, OutcomeListener next) {
        this.store = store;
        this.next = next;
    }

    /** The same, with its large images in the store. */
    ReadImage check(ReadImage read) {
        if (!(read instanceof ReadImage.Requested requested)) {
            return read;
        }
        ClaimCheck.Checked checked = store.check(requested.request());
        created.addAll(checked.created());
        List<String> uris =
                checked.request().getImages().stream()
                        .map(image -> image.getUri())
                        .filter(uri -> uri != null)
                        .toList();
        claims.put(read.requestId(), uris);
        uris.forEach(uri -> waiting.merge(uri, 1, Integer::sum));
        return new ReadImage.Requested(checked.request());
    }

    @Override
    public void onAnswer(Answer answer) {
        next.onAnswer(answer);
        release(answer.getRequestId());
    }

    @Override
    public void onAnswerChunk(AnswerChunk chunk) {
        next.onAnswerChunk(chunk);
    }

    @Override
    public void onEmbedding(Embedding embedding) {
        next.onEmbedding(embedding);
    }

    @Override
    public void onRejection(Rejection rejection) {
        next.onRejection(rejection);
        release(rejection.getRequestId());
    }

    @Override
    public void onUndecodable(String where, UndecodableRecordException exception) {
        next.onUndecodable(where, exception);
    }

    /** A caption request has one task: with its answer it is over. */
    private void release(String requestId) {
        List<String> uris = claims.remove(requestId);
        if (uris == null) {
            return;
        }
        for (String uri : uris) {
            boolean isLast =
                    waiting.merge(uri, -1, (now, less) -> now == 1 ? null : now + less) == null;
            if (isLast && created.remove(URI.create(uri))) {
                store.delete(URI.create(uri));
            }
        }
    }
}
