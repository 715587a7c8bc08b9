package io.sightmill.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.codec.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutcomeLedgerTest {

    private static final ChaosRequest BROKEN =
            new ChaosRequest("r1", name -> new byte[0], Set.of(ChaosRequest.REJECTION));

    private final OutcomeLedger ledger = new OutcomeLedger("storm-");

    @Test
    void anOutcomeThatComesTwiceIsKeptTwiceAndCountedOnce() {
        ledger.onRejection(rejection("storm-r1", Reason.CORRUPT_IMAGE));
        ledger.onRejection(rejection("storm-r1", Reason.CORRUPT_IMAGE));

        assertThat(ledger.size()).isEqualTo(1);
        assertThat(ledger.of("r1", ChaosRequest.REJECTION)).hasSize(2);
        assertThat(ledger.isComplete(BROKEN)).isTrue();
        assertThat(ledger.unexpected(List.of(BROKEN))).isZero();
    }

    @Test
    void aRejectionOfBytesThatAreNoRecordIsKnownByThem() {
        Rejection rejection = rejection(null, Reason.UNDECODABLE);
        rejection.setPayload(
                ByteBuffer.wrap("no record storm-r1".getBytes(StandardCharsets.UTF_8)));

        ledger.onRejection(rejection);

        assertThat(ledger.of("r1", ChaosRequest.REJECTION)).hasSize(1);
    }

    @Test
    void whatAnotherRunSentIsNotLookedAt() {
        ledger.onRejection(rejection("calm-r1", Reason.CORRUPT_IMAGE));

        assertThat(ledger.size()).isZero();
        assertThat(ledger.isComplete(BROKEN)).isFalse();
    }

    @Test
    void whatNobodyAskedForIsUnexpected() {
        ledger.onRejection(rejection("storm-r2", Reason.CORRUPT_IMAGE));
        ledger.onUndecodable("answers-0@5", new UndecodableRecordException("no record"));

        assertThat(ledger.unexpected(List.of(BROKEN))).isEqualTo(2);
    }

    private static Rejection rejection(String requestId, Reason reason) {
        return Rejection.newBuilder()
                .setRequestId(requestId)
                .setStage(Stage.PREPROCESS)
                .setReason(reason)
                .setMessage("")
                .setRejectedAt(Instant.EPOCH)
                .build();
    }
}
