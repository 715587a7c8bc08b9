package io.sightmill.ingest;

import org.apache.kafka.streams.processor.api.Record;

/** Second of ingest: only requests that somebody could answer go on. */
final class ValidateRequest extends RequestStep {

    private final RequestValidator validator;

    ValidateRequest(RequestValidator validator, Rejections rejections) {
        super(rejections);
        this.validator = validator;
    }

    @Override
    void step(Record<String, IncomingRequest> record) throws InvalidRequestException {
        validator.check(record.value().request());
        context().forward(record, IngestTopology.RESOLVE);
    }
}
