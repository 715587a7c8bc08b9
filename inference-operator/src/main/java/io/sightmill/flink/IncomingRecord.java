package io.sightmill.flink;

import io.sightmill.schema.Traceparent;
import java.util.Objects;

/**
 * A record of a lane topic as it arrived: undecoded, so that broken bytes reach the operator and
 * become a rejection instead of failing the source.
 *
 * @param value the record's bytes; empty for a tombstone. Not copied, never changed.
 * @param traceparent the W3C trace context header, or null
 */
public record IncomingRecord(
        byte[] value, String topic, int partition, long offset, byte[] traceparent) {

    public IncomingRecord {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(topic, "topic");
    }

    public IncomingRecord(byte[] value, String topic, int partition, long offset) {
        this(value, topic, partition, offset, null);
    }

    /** The trace context to hand on; null if there is none, or a malformed one of an old state. */
    String traceContext() {
        return Traceparent.of(traceparent).orElse(null);
    }

    /** Where it stands, for messages: topic/partition@offset. */
    public String position() {
        return topic + "/" + partition + "@" + offset;
    }
}
