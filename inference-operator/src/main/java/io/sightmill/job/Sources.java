package io.sightmill.job;

import io.sightmill.flink.IncomingRecord;
import java.util.Objects;
import org.apache.flink.api.connector.source.Source;

/** Where the records of each lane come from. */
public record Sources(Source<IncomingRecord, ?, ?> live, Source<IncomingRecord, ?, ?> bulk) {

    public Sources {
        Objects.requireNonNull(live, "live");
        Objects.requireNonNull(bulk, "bulk");
    }
}
