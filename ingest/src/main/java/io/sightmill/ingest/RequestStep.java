package io.sightmill.ingest;

import io.sightmill.schema.Reason;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** A step of ingest after decoding: passes a request on, drops it, or rejects it. */
abstract class RequestStep extends ContextualProcessor<String, IncomingRequest, String, Object> {

    private final Rejections rejections;

    RequestStep(Rejections rejections) {
        this.rejections = rejections;
    }

    @Override
    public final void process(Record<String, IncomingRequest> record) {
        try {
            step(record);
        } catch (InvalidRequestException exception) {
            reject(record, exception.reason(), exception.getMessage());
        }
    }

    /** What the step does; forwards the record itself. */
    abstract void step(Record<String, IncomingRequest> record) throws InvalidRequestException;

    private void reject(Record<String, IncomingRequest> record, Reason reason, String message) {
        context()
                .forward(
                        RejectedRecord.of(record, rejections.of(record.value(), reason, message)),
                        IngestTopology.REJECTIONS);
    }
}
