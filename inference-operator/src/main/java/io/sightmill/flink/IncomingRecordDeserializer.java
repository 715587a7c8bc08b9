package io.sightmill.flink;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Takes records from Kafka as they are; decoding is the preprocess stage's, where it may fail. */
public final class IncomingRecordDeserializer
        implements KafkaRecordDeserializationSchema<IncomingRecord> {

    private static final long serialVersionUID = 1L;

    /** Longer than any valid trace context; a longer header is not carried into checkpoints. */
    private static final int MOST_TRACEPARENT_BYTES = 256;

    private static final byte[] TOMBSTONE = new byte[0];

    @Override
    public void deserialize(
            ConsumerRecord<byte[], byte[]> record, Collector<IncomingRecord> collector) {
        collector.collect(
                new IncomingRecord(
                        record.value() == null ? TOMBSTONE : record.value(),
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        traceparent(record)));
    }

    private static byte[] traceparent(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("traceparent");
        if (header == null
                || header.value() == null
                || header.value().length > MOST_TRACEPARENT_BYTES) {
            return null;
        }
        return header.value();
    }

    @Override
    public TypeInformation<IncomingRecord> getProducedType() {
        return TypeInformation.of(IncomingRecord.class);
    }
}
