package io.sightmill.ingest;

import io.sightmill.schema.Rejection;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/** A rejection on its way to its topic: keyed by requestId, with headers of bounded size. */
final class RejectedRecord {

    private static final long MOST_HEADER_BYTES = 64 << 10;

    private RejectedRecord() {}

    static Record<String, Object> of(Record<?, ?> rejected, Rejection rejection) {
        Record<String, Object> record =
                rejected.withKey(rejection.getRequestId()).withValue(rejection);
        // Headers may be nearly all of a record that is as large as the broker takes.
        return RecordSizes.ofHeaders(rejected.headers()) <= MOST_HEADER_BYTES
                ? record
                : record.withHeaders(new RecordHeaders());
    }
}
