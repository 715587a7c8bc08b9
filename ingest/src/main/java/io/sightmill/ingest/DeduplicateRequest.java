package io.sightmill.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fourth of ingest: a requestId that was let through within the window is dropped and counted. What
 * was rejected does not get here and is not remembered, so that it can be sent again in order.
 */
final class DeduplicateRequest extends RequestStep {

    private static final Logger LOG = LoggerFactory.getLogger(DeduplicateRequest.class);

    private final Duration window;
    private final InstantSource clock;
    private WindowStore<String, Long> seen;
    private Sensor dropped;

    DeduplicateRequest(Duration window, InstantSource clock, Rejections rejections) {
        super(rejections);
        this.window = window;
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        super.init(context);
        seen = context.getStateStore(IngestTopology.DEDUPLICATION_STORE);
        dropped =
                context.metrics()
                        .addRateTotalSensor(
                                "sightmill-ingest",
                                context.taskId().toString(),
                                "repeats-dropped",
                                Sensor.RecordingLevel.INFO);
    }

    @Override
    void step(Record<String, IncomingRequest> record) {
        String requestId = record.key();
        Instant now = clock.instant();
        if (wasSeen(requestId, now)) {
            dropped.record();
            LOG.debug("dropped a repeat of {}", requestId);
            return;
        }
        seen.put(requestId, record.value().origin().getOffset(), now.toEpochMilli());
        context().forward(record, IngestTopology.STORE);
    }

    /** Looks ahead of now as well: the clock of the machine that ran before may have been ahead. */
    private boolean wasSeen(String requestId, Instant now) {
        Instant earliest = now.minus(window).plusMillis(1);
        try (WindowStoreIterator<Long> found = seen.fetch(requestId, earliest, now.plus(window))) {
            return found.hasNext();
        }
    }
}
