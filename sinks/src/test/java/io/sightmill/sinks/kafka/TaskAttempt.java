package io.sightmill.sinks.kafka;

import io.sightmill.schema.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.IOUtils;

/**
 * One attempt of the only subtask of a sink, whose barriers and notifications come when a test says
 * so: what a task does that sleeps and wakes can be played in any order.
 */
final class TaskAttempt implements AutoCloseable {

    private static final SinkWriter.Context NO_TIME =
            new SinkWriter.Context() {
                @Override
                public long currentWatermark() {
                    return Long.MIN_VALUE;
                }

                @Override
                public Long timestamp() {
                    return null;
                }
            };

    private final StatefulSinkWriter<Answer, KafkaWriterState> writer;
    private final Committer<KafkaCommittable> committer;
    private List<KafkaWriterState> state = List.of();
    private Collection<KafkaCommittable> prepared = List.of();

    private TaskAttempt(
            StatefulSinkWriter<Answer, KafkaWriterState> writer,
            Committer<KafkaCommittable> committer) {
        this.writer = writer;
        this.committer = committer;
    }

    /** The task as it starts without a checkpoint. */
    static TaskAttempt first(Sink<Answer> sink, JobID job) throws IOException {
        return start(sink, new TaskContext(job, 0, OptionalLong.empty()), List.of());
    }

    /** The task as it starts from the checkpoint of another, whose transactions it commits. */
    static TaskAttempt after(
            TaskAttempt before, long checkpoint, Sink<Answer> sink, JobID job, int attemptNumber)
            throws IOException, InterruptedException {
        TaskAttempt next =
                start(
                        sink,
                        new TaskContext(job, attemptNumber, OptionalLong.of(checkpoint)),
                        before.state);
        next.committer.commit(requests(restored(before.prepared, sink)));
        return next;
    }

    @SuppressWarnings("unchecked") // As in start.
    private static List<KafkaCommittable> restored(
            Collection<KafkaCommittable> prepared, Sink<Answer> sink) throws IOException {
        SimpleVersionedSerializer<KafkaCommittable> serializer =
                ((SupportsCommitter<KafkaCommittable>) sink).getCommittableSerializer();
        List<KafkaCommittable> restored = new ArrayList<>();
        for (KafkaCommittable each : prepared) {
            restored.add(
                    serializer.deserialize(serializer.getVersion(), serializer.serialize(each)));
        }
        return restored;
    }

    @SuppressWarnings("unchecked") // What every exactly-once Kafka sink of this project is.
    private static TaskAttempt start(
            Sink<Answer> sink, TaskContext context, List<KafkaWriterState> state)
            throws IOException {
        return new TaskAttempt(
                ((SupportsWriterState<Answer, KafkaWriterState>) sink)
                        .restoreWriter(context, state),
                ((SupportsCommitter<KafkaCommittable>) sink)
                        .createCommitter(context.ofCommitter()));
    }

    /** Writes, and returns when the broker has it. */
    void write(Answer answer) throws IOException, InterruptedException {
        writer.write(answer, NO_TIME);
        writer.flush(false);
    }

    /** The barrier of a checkpoint passes. */
    @SuppressWarnings("unchecked") // A writer that supports committers is one.
    void barrier(long checkpoint) throws IOException, InterruptedException {
        writer.flush(false);
        prepared = ((CommittingSinkWriter<Answer, KafkaCommittable>) writer).prepareCommit();
        state = writer.snapshotState(checkpoint);
    }

    /** The notification comes that the checkpoint of the last barrier is complete. */
    void complete() throws IOException, InterruptedException {
        committer.commit(requests(prepared));
    }

    private static List<Committer.CommitRequest<KafkaCommittable>> requests(
            Collection<KafkaCommittable> committables) {
        return committables.stream()
                .<Committer.CommitRequest<KafkaCommittable>>map(Request::new)
                .toList();
    }

    @Override
    public void close() {
        IOUtils.closeAllQuietly(writer, committer);
    }

    /** What the committer says of a transaction is left to what readers see of it. */
    private record Request(KafkaCommittable committable)
            implements Committer.CommitRequest<KafkaCommittable> {

        @Override
        public KafkaCommittable getCommittable() {
            return committable;
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            // Flink goes on as if it had been committed.
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            throw new AssertionError("the task would fail", reason);
        }

        @Override
        public void retryLater() {
            throw new AssertionError("the broker is there");
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable changed) {
            throw new AssertionError("the broker is there");
        }

        @Override
        public void signalAlreadyCommitted() {
            // As good as committed now.
        }
    }
}
