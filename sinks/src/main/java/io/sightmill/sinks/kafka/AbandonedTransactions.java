package io.sightmill.sinks.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts the transactions that other attempts of the sink left open: readers of committed records
 * would see nothing behind them until they time out.
 *
 * <p>INVARIANT: what is aborted was open before the barrier of a checkpoint that this attempt then
 * completed. The JobManager completes a checkpoint with current attempts only, so at the barrier
 * this attempt had not been replaced, every other attempt was an earlier one, and what the restored
 * checkpoint had prepared was committed (all tasks run before a barrier starts). A task that sleeps
 * and wakes too late aborts nothing of its successor's: it gets no notification of a checkpoint, or
 * that of one whose barrier passed before the successor began. It belongs to the same attempt in
 * the same process as the sink's writer: {@link ExactlyOnceKafkaSink} places them together.
 *
 * <p>It looks at every start and again from time to time, since a task that was given up may begin
 * another transaction on waking. It keeps no state. Calls to Kafka run on a thread of their own, so
 * that no checkpoint waits for them; everything else is the task's thread.
 */
final class AbandonedTransactions extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<CommittableMessage<KafkaCommittable>, Void> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedTransactions.class);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Below every checkpoint's number. */
    private static final long NONE = -1;

    private final String sink;
    private final transient Map<String, Object> adminProperties;
    private final long millisBetweenLooks;

    private transient TransactionalIds own;
    private transient OpenTransactions transactions;
    private transient ExecutorService calls;
    private transient Counter aborted;

    /** What others have open; null between looks. */
    private transient CompletableFuture<List<OpenTransaction>> look;

    /** The first checkpoint whose barrier passed after the look was over, or {@link #NONE}. */
    private transient long proof = NONE;

    private transient long nextLookAt;

    /**
     * @param sink what all transactional ids of the sink begin with
     */
    AbandonedTransactions(
            StreamOperatorParameters<Void> parameters,
            String sink,
            Map<String, Object> adminProperties,
            Duration betweenLooks) {
        super(parameters);
        this.sink = sink;
        this.adminProperties = adminProperties;
        this.millisBetweenLooks = betweenLooks.toMillis();
    }

    @Override
    public void open() throws Exception {
        super.open();
        own =
                TransactionalIds.of(
                        sink,
                        getRuntimeContext().getJobInfo().getJobId(),
                        getRuntimeContext().getTaskInfo());
        aborted = getMetricGroup().counter("abandonedTransactionsAborted");
        transactions = OpenTransactions.on(adminProperties, PATIENCE);
        calls = Executors.newSingleThreadExecutor(AbandonedTransactions::thread);
        startLook();
    }

    private static Thread thread(Runnable calls) {
        Thread thread = new Thread(calls, "abandoned-transactions");
        thread.setDaemon(true);
        return thread;
    }

    private void startLook() {
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        look =
                CompletableFuture.supplyAsync(
                        () -> transactions.list(id -> own.isForeign(id, parallelism)), calls);
    }

    @Override
    public void processElement(StreamRecord<CommittableMessage<KafkaCommittable>> committed) {
        // What this attempt has committed needs nothing more.
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (look == null) {
            if (getProcessingTimeService().getCurrentProcessingTime() >= nextLookAt) {
                startLook();
            }
        } else if (proof == NONE && look.isDone()) {
            proof = context.getCheckpointId();
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        if (proof == NONE || checkpointId < proof) {
            return;
        }
        look.thenAcceptAsync(this::abort, calls)
                .exceptionally(
                        exception -> {
                            LOG.warn(
                                    "cannot abort what earlier attempts left open of {}; readers of"
                                            + " committed records wait until it times out",
                                    sink,
                                    exception);
                            return null;
                        });
        look = null;
        proof = NONE;
        nextLookAt = getProcessingTimeService().getCurrentProcessingTime() + millisBetweenLooks;
    }

    /** Whether the next notification of a complete checkpoint lets it abort what it found. */
    boolean waitsForCheckpoint() {
        return proof != NONE;
    }

    private void abort(List<OpenTransaction> abandoned) {
        for (OpenTransaction transaction : abandoned) {
            LOG.info("aborting what an earlier attempt left open: {}", transaction);
            transactions.abort(transaction);
            aborted.inc();
        }
    }

    @Override
    public void close() throws Exception {
        if (calls != null) {
            calls.shutdownNow();
            transactions.close();
        }
        super.close();
    }
}
