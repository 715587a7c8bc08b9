package io.sightmill.flink.quarantine;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationRequestHandler;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's access to the job's {@link Quarantine}, in the JobManager. The lanes share one ledger,
 * because they share engines. Called by the JobManager's main thread.
 *
 * <p>The ledger is part of every checkpoint. A restart of tasks does not set it back: what was
 * learnt since the checkpoint is why it is there.
 */
public final class QuarantineCoordinator
        implements OperatorCoordinator, CoordinationRequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(QuarantineCoordinator.class);
    private static final String SHARED = "sightmill-quarantine";

    private final String operator;
    private final Quarantine quarantine;

    private QuarantineCoordinator(String operator, Quarantine quarantine) {
        this.operator = operator;
        this.quarantine = quarantine;
    }

    /** What makes the coordinator of an operator in the JobManager. */
    public static Provider of(OperatorID operator) {
        return new ForOperator(operator);
    }

    private record ForOperator(OperatorID operatorId) implements Provider {

        private static final long serialVersionUID = 1L;

        @Override
        public OperatorID getOperatorId() {
            return operatorId;
        }

        @Override
        public OperatorCoordinator create(Context context) {
            context.getCoordinatorStore().putIfAbsent(SHARED, new Quarantine());
            return new QuarantineCoordinator(
                    operatorId.toHexString(),
                    (Quarantine) context.getCoordinatorStore().get(SHARED));
        }
    }

    @Override
    public CompletableFuture<CoordinationResponse> handleCoordinationRequest(
            CoordinationRequest request) {
        if (request instanceof Turn turn) {
            return CompletableFuture.completedFuture(quarantine.take(turn));
        }
        if (request instanceof Failing failing) {
            LOG.info("{} fails: {}", failing.holder(), failing.cause());
            quarantine.failing(failing);
        } else if (request instanceof Crash crash) {
            quarantine.crashed(crash);
        } else {
            quarantine.leaving(((Leaving) request).holder());
        }
        return CompletableFuture.completedFuture(Verdicts.NONE);
    }

    @Override
    public void subtaskReset(int subtask, long checkpoint) {
        quarantine.reset(operator, subtask);
    }

    @Override
    public void checkpointCoordinator(long checkpoint, CompletableFuture<byte[]> result)
            throws Exception {
        result.complete(QuarantineFormat.write(quarantine.suspicions()));
    }

    @Override
    public void resetToCheckpoint(long checkpoint, byte[] state) throws Exception {
        quarantine.reset(operator);
        if (state != null && state.length > 0) {
            quarantine.restore(QuarantineFormat.read(state));
        }
    }

    @Override
    public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
        throw new IllegalStateException("this operator sends requests, and no event: " + event);
    }

    @Override
    public void executionAttemptFailed(int subtask, int attempt, Throwable reason) {}

    @Override
    public void notifyCheckpointComplete(long checkpoint) {}

    @Override
    public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {}

    @Override
    public void start() {}

    @Override
    public void close() {}
}
