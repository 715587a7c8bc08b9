package io.sightmill.sinks.kafka;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's Kafka writer, which on closing also closes the admin client with which it looked for open
 * transactions. The connector forgets it: each start of an exactly-once sink would leave a thread,
 * a connection and through them the job's class loader behind in the TaskManager.
 */
@SuppressWarnings("try") // Flink closes writers, and lets them throw what they like.
final class ReleasingWriter<T>
        implements StatefulSinkWriter<T, KafkaWriterState>,
                CommittingSinkWriter<T, KafkaCommittable> {

    private static final Logger LOG = LoggerFactory.getLogger(ReleasingWriter.class);

    /** Private to the connector's writer; tested by what is left behind. */
    private static final String ADMIN = "adminClient";

    private final PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer;

    ReleasingWriter(PrecommittingStatefulSinkWriter<T, KafkaWriterState, KafkaCommittable> writer) {
        this.writer = writer;
    }

    @Override
    public void write(T element, Context context) throws IOException, InterruptedException {
        writer.write(element, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(endOfInput);
    }

    @Override
    public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
        writer.writeWatermark(watermark);
    }

    @Override
    public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
        return writer.prepareCommit();
    }

    @Override
    public List<KafkaWriterState> snapshotState(long checkpoint) throws IOException {
        return writer.snapshotState(checkpoint);
    }

    @Override
    public void close() throws Exception {
        try (Admin last = admin()) {
            LOG.debug("closing a writer with {}", last);
            writer.close();
        }
    }

    /** Null if the writer needed none. */
    private Admin admin() {
        for (Class<?> type = writer.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(ADMIN);
                field.setAccessible(true);
                return (Admin) field.get(writer);
            } catch (NoSuchFieldException notHere) {
                LOG.trace("no {} in {}", ADMIN, type);
            } catch (IllegalAccessException exception) {
                LOG.warn("the writer's admin client stays open", exception);
                return null;
            }
        }
        return null;
    }
}
