package io.sightmill.local.chaos;

import io.sightmill.ingest.archive.OutcomeListener;
import io.sightmill.ingest.archive.OutcomeReader;
import io.sightmill.ingest.archive.OutcomeTopics;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.time.Duration;

/**
 * Reads the committed outcomes of both lanes into a ledger, from the first record on. Used by one
 * thread.
 */
final class CommittedOutcomes implements AutoCloseable {

    private static final Duration MOMENT = Duration.ofMillis(50);

    private final OutcomeReader bulk;
    private final OutcomeReader live;

    CommittedOutcomes(String bootstrapServers, OutcomeLedger ledger) {
        bulk = OutcomeReader.open(bootstrapServers, OutcomeTopics.bulk(), ledger);
        live =
                OutcomeReader.open(
                        bootstrapServers, OutcomeTopics.live(), new WithoutRejections(ledger));
    }

    /** Hands what comes in a moment to the ledger. */
    void poll() {
        bulk.poll(MOMENT);
        live.poll(MOMENT);
    }

    /** Returns when the ledger has everything that was committed before the call. */
    void catchUp(Duration timeout) {
        bulk.catchUp(timeout);
        live.catchUp(timeout);
    }

    @Override
    public void close() {
        try {
            bulk.close();
        } finally {
            live.close();
        }
    }

    /** Rejections of both lanes share a topic, which one reader reads. */
    private record WithoutRejections(OutcomeLedger ledger) implements OutcomeListener {

        @Override
        public void onAnswer(Answer answer) {
            ledger.onAnswer(answer);
        }

        @Override
        public void onEmbedding(Embedding embedding) {
            ledger.onEmbedding(embedding);
        }

        @Override
        public void onRejection(Rejection rejection) {
            // The other reader's.
        }

        @Override
        public void onUndecodable(String where, UndecodableRecordException exception) {
            ledger.onUndecodable(where, exception);
        }
    }
}
