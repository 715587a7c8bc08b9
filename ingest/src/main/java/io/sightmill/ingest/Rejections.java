package io.sightmill.ingest;

import io.sightmill.schema.Origin;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.VisionRequest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;

/** Makes rejections whose size is bounded whatever was rejected. Thread-safe. */
final class Rejections {

    private static final int MOST_PAYLOAD_BYTES = 64 << 10;
    private static final int MOST_MESSAGE_CHARACTERS = 1000;

    private final RequestValidator validator;
    private final InstantSource clock;

    Rejections(RequestValidator validator, InstantSource clock) {
        this.validator = validator;
        this.clock = clock;
    }

    /** A request that was read and is not let through. */
    Rejection of(IncomingRequest incoming, Reason reason, String message) {
        VisionRequest request = incoming.request();
        Rejection.Builder rejection = begin(reason, message, incoming.origin(), incoming.payload());
        if (Identifiers.isValid(request.getRequestId())) {
            rejection.setRequestId(request.getRequestId());
        }
        if (validator.areAttributesWithinLimits(request.getAttributes())) {
            rejection.setAttributes(request.getAttributes());
        }
        return rejection.build();
    }

    /** A record that was not read, because it cannot be or is too large. */
    Rejection ofUnread(byte[] payload, Origin origin, Reason reason, String message) {
        return begin(reason, message, origin, payload).build();
    }

    private Rejection.Builder begin(Reason reason, String message, Origin origin, byte[] payload) {
        Rejection.Builder rejection =
                Rejection.newBuilder()
                        .setStage(Stage.INGEST)
                        .setReason(reason)
                        .setMessage(shorten(message))
                        .setOrigin(origin)
                        .setAttributes(Map.of())
                        .setRejectedAt(clock.instant());
        if (payload != null) {
            int kept = Math.min(payload.length, MOST_PAYLOAD_BYTES);
            rejection.setPayloadSha256(sha256(payload));
            rejection.setPayload(ByteBuffer.wrap(payload, 0, kept).slice());
        }
        return rejection;
    }

    private static String shorten(String message) {
        return message.length() <= MOST_MESSAGE_CHARACTERS
                ? message
                : message.substring(0, MOST_MESSAGE_CHARACTERS - 3) + "...";
    }

    private static String sha256(byte[] payload) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException("every Java platform has SHA-256", exception);
        }
    }
}
