package io.sightmill.flink;

import io.sightmill.schema.Origin;
import io.sightmill.schema.Rejection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Puts a rejection together: bounded, with what is needed to find and send the record again. */
final class RejectionAssembly {

    private static final int MOST_MESSAGE_CHARACTERS = 1_000;
    private static final int MOST_PAYLOAD_BYTES = 64 << 10;

    private final Clock clock;

    RejectionAssembly(Clock clock) {
        this.clock = clock;
    }

    Rejection rejection(IncomingRecord record, RecordRejectedException why) {
        int payloadBytes = Math.min(record.value().length, MOST_PAYLOAD_BYTES);
        return Rejection.newBuilder()
                .setRequestId(why.requestId())
                .setStage(why.stage())
                .setReason(why.reason())
                .setMessage(cut(String.valueOf(why.getMessage())))
                .setOrigin(new Origin(record.topic(), record.partition(), record.offset()))
                .setPayloadSha256(Digest.of(record.value()))
                .setPayload(ByteBuffer.wrap(record.value(), 0, payloadBytes).slice())
                .setAttributes(why.attributes())
                .setTraceparent(record.traceContext())
                .setRejectedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    private static String cut(String message) {
        if (message.length() <= MOST_MESSAGE_CHARACTERS) {
            return message;
        }
        int end = MOST_MESSAGE_CHARACTERS;
        // Half a surrogate pair is no text that Avro could write.
        return message.substring(
                0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end);
    }
}
