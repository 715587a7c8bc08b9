package io.sightmill.job;

import io.sightmill.schema.AnswerChunk;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.connector.sink2.Sink;

/**
 * Where the records of each lane go. No name may occur twice for the same kind of record, for each
 * makes a uid.
 *
 * @param live of the live lane alone
 * @param bulk of the bulk lane alone
 * @param both of both lanes
 * @param answerChunks of the live lane, by the destination's name
 */
public record Sinks(
        Destinations live,
        Destinations bulk,
        Destinations both,
        Map<String, Sink<AnswerChunk>> answerChunks) {

    public Sinks {
        Objects.requireNonNull(live, "live");
        Objects.requireNonNull(bulk, "bulk");
        Objects.requireNonNull(both, "both");
        answerChunks = Collections.unmodifiableMap(new TreeMap<>(answerChunks));
    }
}
