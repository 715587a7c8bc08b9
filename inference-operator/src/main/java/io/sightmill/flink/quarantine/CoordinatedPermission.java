package io.sightmill.flink.quarantine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.jobgraph.tasks.TaskOperatorEventGateway;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.util.SerializedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the job's quarantine in the JobManager. One question is under way at a time; what comes
 * meanwhile goes with the next, so that there are no more of them than the network takes. What is
 * neither granted nor refused is asked for again.
 *
 * <p>Owned by the mailbox thread but for {@code failing}.
 */
public final class CoordinatedPermission implements RunPermission {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatedPermission.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MOST_CAUSE_CHARACTERS = 400;

    private final TaskOperatorEventGateway gateway;
    private final OperatorID operator;
    private final Holder holder;
    private final Executor mailbox;
    private final Listener listener;
    private final Set<String> waiting = new LinkedHashSet<>();
    private final List<String> left = new ArrayList<>();
    private boolean isAsking;
    private boolean isClosed;

    private CoordinatedPermission(
            TaskOperatorEventGateway gateway,
            OperatorID operator,
            Holder holder,
            Executor mailbox,
            Listener listener) {
        this.gateway = gateway;
        this.operator = operator;
        this.holder = holder;
        this.mailbox = mailbox;
        this.listener = listener;
    }

    /**
     * Tells first what processes that ran here before have died of.
     *
     * @param task which attempt of which subtask asks
     * @param mailbox runs on the mailbox thread; drops what comes when the task has ended
     */
    public static CoordinatedPermission of(
            Environment task,
            OperatorID operator,
            EngineName engine,
            Executor mailbox,
            Listener listener) {
        Holder holder =
                new Holder(
                        operator.toHexString(),
                        task.getTaskInfo().getIndexOfThisSubtask(),
                        task.getTaskInfo().getAttemptNumber(),
                        engine);
        TaskOperatorEventGateway gateway = task.getOperatorCoordinatorEventGateway();
        CoordinatedPermission permission =
                new CoordinatedPermission(gateway, operator, holder, mailbox, listener);
        CrashLogs.ofThisJvm().recent().forEach(permission::request);
        return permission;
    }

    @Override
    public void ask(String position) {
        waiting.add(position);
        send();
    }

    @Override
    public void left(String position) {
        waiting.remove(position);
        left.add(position);
        send();
    }

    @Override
    public void failing(Throwable cause) {
        failing(null, cause);
    }

    @Override
    public void failing(String position, Throwable cause) {
        String text = String.valueOf(cause);
        request(
                new Failing(
                        holder,
                        position,
                        text.substring(0, Math.min(text.length(), MOST_CAUSE_CHARACTERS))));
    }

    @Override
    public void leaving() {
        isClosed = true;
        request(new Leaving(holder));
    }

    private void send() {
        if (isAsking || isClosed) {
            return;
        }
        isAsking = true;
        Turn turn = new Turn(holder, left, List.copyOf(waiting));
        left.clear();
        request(turn)
                .whenComplete(
                        (answer, failure) ->
                                mailbox.execute(() -> onAnswer(turn, answer, failure)));
    }

    private void onAnswer(Turn turn, CoordinationResponse answer, Throwable failure) {
        isAsking = false;
        if (failure != null) {
            // The JobManager is gone, and this task soon will be; or it is back in a moment.
            LOG.debug("the quarantine does not answer", failure);
            left.addAll(turn.left());
            sendLater();
            return;
        }
        Verdicts verdicts = (Verdicts) answer;
        for (String position : verdicts.granted()) {
            if (waiting.remove(position)) {
                listener.onGranted(position);
            }
        }
        verdicts.refused()
                .forEach(
                        (position, why) -> {
                            if (waiting.remove(position)) {
                                listener.onRefused(position, why);
                            }
                        });
        sendWhatIsLeft(turn);
    }

    private void sendWhatIsLeft(Turn answered) {
        if (!left.isEmpty()
                || waiting.stream().anyMatch(each -> !answered.asked().contains(each))) {
            send();
        } else if (!waiting.isEmpty()) {
            sendLater();
        }
    }

    private void sendLater() {
        CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> mailbox.execute(this::send));
    }

    private CompletableFuture<CoordinationResponse> request(CoordinationRequest request) {
        try {
            return gateway.sendRequestToCoordinator(operator, new SerializedValue<>(request));
        } catch (IOException exception) {
            throw new UncheckedIOException("cannot write " + request, exception);
        }
    }
}
