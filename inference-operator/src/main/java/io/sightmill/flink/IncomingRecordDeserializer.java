package io.sightmill.flink;

import io.sightmill.schema.Traceparent;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Takes records from Kafka as they are; decoding is the preprocess stage's, where it may fail. */
public final class IncomingRecordDeserializer
        implements KafkaRecordDeserializationSchema<IncomingRecord> {

    private static final long serialVersionUID = 1L;

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

    /** A malformed one is not carried into checkpoints. */
    private static byte[] traceparent(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Traceparent.HEADER);
        return header != null && Traceparent.of(header.value()).isPresent() ? header.value() : null;
    }

    @Override
    public TypeInformation<IncomingRecord> getProducedType() {
        return TypeInformation.of(IncomingRecord.class);
    }
}
