package io.sightmill.ingest;

import io.sightmill.schema.Origin;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.schema.codec.UndecodableRecordException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * First of ingest: bytes become a request. The key and the headers of the record decide nothing.
 */
final class DecodeRequest extends ContextualProcessor<byte[], byte[], String, Object> {

    private final RecordCodec<VisionRequest> codec = RecordCodec.of(VisionRequest.class);
    private final IngestLimits limits;
    private final Rejections rejections;

    DecodeRequest(IngestLimits limits, Rejections rejections) {
        this.limits = limits;
        this.rejections = rejections;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long size = RecordSizes.of(record.headers(), record.value());
        if (size > limits.maxRequestBytes()) {
            reject(record, Reason.TOO_LARGE, tooLarge(size));
            return;
        }
        try {
            forward(record, codec.decode(record.value()));
        } catch (UndecodableRecordException exception) {
            String message =
                    exception.getMessage() + "; send VisionRequest in single-object encoding";
            reject(record, Reason.UNDECODABLE, message);
        }
    }

    private void forward(Record<byte[], byte[]> record, VisionRequest request) {
        IncomingRequest incoming = new IncomingRequest(request, record.value(), origin());
        context()
                .forward(
                        record.withKey(request.getRequestId()).withValue(incoming),
                        IngestTopology.VALIDATE);
    }

    private String tooLarge(long size) {
        return "the record has "
                + size
                + " bytes with its headers and may have "
                + limits.maxRequestBytes()
                + "; send large images by uri";
    }

    private void reject(Record<byte[], byte[]> record, Reason reason, String message) {
        Rejection rejection = rejections.ofUnread(record.value(), origin(), reason, message);
        context().forward(RejectedRecord.of(record, rejection), IngestTopology.REJECTIONS);
    }

    private Origin origin() {
        RecordMetadata metadata =
                context()
                        .recordMetadata()
                        .orElseThrow(() -> new IllegalStateException("a record without origin"));
        return new Origin(metadata.topic(), metadata.partition(), metadata.offset());
    }
}
