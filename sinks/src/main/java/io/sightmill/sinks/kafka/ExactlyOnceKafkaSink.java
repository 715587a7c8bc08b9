package io.sightmill.sinks.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;

/**
 * Flink's Kafka sink with transactional ids that belong to one attempt each, and behind it what
 * aborts the transactions of attempts that are gone.
 *
 * <p>Its writers and committers, their state and so their savepoints are Flink's own.
 *
 * @see TransactionalIds
 * @see AbandonedTransactions
 */
final class ExactlyOnceKafkaSink<T extends SpecificRecordBase>
        implements Sink<T>,
                SupportsWriterState<T, KafkaWriterState>,
                SupportsCommitter<KafkaCommittable>,
                SupportsPostCommitTopology<KafkaCommittable>,
                LineageVertexProvider {

    private static final long serialVersionUID = 1L;

    private static final String ABANDONED = "abandoned-transactions";

    private final KafkaSinkOptions options;
    private final Class<T> type;
    private final String topic;

    ExactlyOnceKafkaSink(KafkaSinkOptions options, Class<T> type, String topic) {
        this.options = Objects.requireNonNull(options, "options");
        this.type = Objects.requireNonNull(type, "type");
        this.topic = Objects.requireNonNull(topic, "topic");
    }

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> createWriter(WriterInitContext context)
            throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> restoreWriter(
            WriterInitContext context, Collection<KafkaWriterState> state) {
        KafkaSink<T> sink = named(TransactionalIds.of(ids(), context).prefix());
        return new ReleasingWriter<>(sink.restoreWriter(context, state));
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
        return named(TransactionalIds.of(ids(), context).prefix()).createCommitter(context);
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committed) {
        any().addPostCommitTopology(committed);
        committed
                .transform(
                        ABANDONED,
                        AbandonedTransactionsFactory.NOTHING,
                        new AbandonedTransactionsFactory(
                                ids(), KafkaSinks.adminProperties(options)))
                .uid(ABANDONED)
                .getTransformation()
                // As Flink's sink places its writers and committers, also where nothing is chained:
                // in one process, which is part of the attempt's name.
                .setCoLocationGroupKey(ids());
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return any().getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return any().getCommittableSerializer();
    }

    @Override
    public LineageVertex getLineageVertex() {
        return any().getLineageVertex();
    }

    private String ids() {
        return TransactionalIds.ofSink(options.transactionalIdPrefix(), topic);
    }

    /** For what has nothing to do with the names of transactions. */
    private KafkaSink<T> any() {
        return named(ids());
    }

    private KafkaSink<T> named(String transactionalIdPrefix) {
        return KafkaSinks.flinkSink(options, type, topic, transactionalIdPrefix);
    }
}
