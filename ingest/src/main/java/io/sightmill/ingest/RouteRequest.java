package io.sightmill.ingest;

import io.sightmill.schema.Lane;
import io.sightmill.schema.VisionRequest;
import org.apache.kafka.streams.processor.api.Record;

/** Last of ingest: each request goes to the topic of its lane. */
final class RouteRequest extends RequestStep {

    RouteRequest(Rejections rejections) {
        super(rejections);
    }

    @Override
    void step(Record<String, IncomingRequest> record) {
        VisionRequest request = record.value().request();
        String lane = request.getLane() == Lane.LIVE ? IngestTopology.LIVE : IngestTopology.BULK;
        context().forward(record.withValue(request), lane);
    }
}
