package io.sightmill.sinks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sightmill.schema.Traceparent;
import io.sightmill.schema.codec.RecordCodec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record as a Kafka record: its requestId is the key, its single-object encoding the value, its
 * trace context the header traceparent.
 *
 * <p>Serializable, as Flink ships it to the writers; each writer calls its own copy from its own
 * thread. It names its topic to the sink, which looks there for the transactions that an earlier
 * run left open.
 */
public final class RecordSerializer<T extends SpecificRecordBase>
        implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {

    private static final long serialVersionUID = 1L;

    private static final String KEY_FIELD = "requestId";
    private static final String TRACE_FIELD = "traceparent";

    private final Class<T> type;
    private final String topic;
    private final int keyPosition;

    /** Of the record's trace context; below zero if its type has none. */
    private final int tracePosition;

    private transient RecordCodec<T> codec;

    /**
     * @throws IllegalArgumentException if records of the type have no requestId
     */
    public RecordSerializer(Class<T> type, String topic) {
        this.type = Objects.requireNonNull(type, "type");
        this.topic = Objects.requireNonNull(topic, "topic");
        Schema.Field key = field(type, KEY_FIELD);
        if (key == null) {
            throw new IllegalArgumentException(
                    "type is " + type.getName() + " and must have a field " + KEY_FIELD);
        }
        this.keyPosition = key.pos();
        Schema.Field trace = field(type, TRACE_FIELD);
        this.tracePosition = trace == null ? -1 : trace.pos();
    }

    private static Schema.Field field(Class<?> type, String name) {
        return SpecificData.getForClass(type).getSchema(type).getField(name);
    }

    @Override
    public void open(InitializationContext context, KafkaSinkContext sinkContext) {
        codec = RecordCodec.of(type);
    }

    /**
     * The Kafka record carries the time it is written and not the stream's: that one is the time of
     * the request, and a topic's retention would count from there.
     */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            T element, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, key(element), codec.encode(element));
        Object traceparent = tracePosition < 0 ? null : element.get(tracePosition);
        if (traceparent != null) {
            record.headers().add(Traceparent.HEADER, traceparent.toString().getBytes(UTF_8));
        }
        return record;
    }

    /** Null for a rejection whose request could not be decoded; Kafka then spreads them. */
    private byte[] key(T element) {
        Object requestId = element.get(keyPosition);
        return requestId == null ? null : requestId.toString().getBytes(UTF_8);
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(
                new DefaultKafkaDatasetFacet(
                        DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }
}
