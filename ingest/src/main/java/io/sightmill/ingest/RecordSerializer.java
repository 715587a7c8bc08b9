package io.sightmill.ingest;

import io.sightmill.schema.codec.RecordCodec;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Serializer;

/** Hands a record's codec to Kafka. Thread-safe. */
public final class RecordSerializer<T extends SpecificRecordBase> implements Serializer<T> {

    private final RecordCodec<T> codec;

    public RecordSerializer(Class<T> type) {
        this.codec = RecordCodec.of(type);
    }

    @Override
    public byte[] serialize(String topic, T value) {
        return value == null ? null : codec.encode(value);
    }
}
