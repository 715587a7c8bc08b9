package io.sightmill.flink;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingConsumer;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Carries the engine's events into a task's mailbox. At most one mail is under way: while the task
 * thread is busy, later steps join the batch that waits, so the mailbox does not fill up.
 */
final class EngineInbox implements EngineSubscriber {

    private final MailboxExecutor mailbox;
    private final ThrowingConsumer<List<EngineEvent>, Exception> handler;
    private final Consumer<Throwable> onFailure;
    private List<EngineEvent> waiting = new ArrayList<>();

    /**
     * @param handler runs on the mailbox thread
     * @param onFailure hears of the engine's failure first, on the engine's thread
     */
    EngineInbox(
            MailboxExecutor mailbox,
            ThrowingConsumer<List<EngineEvent>, Exception> handler,
            Consumer<Throwable> onFailure) {
        this.mailbox = mailbox;
        this.handler = handler;
        this.onFailure = onFailure;
    }

    @Override
    public void onEvents(List<EngineEvent> events) {
        boolean first;
        synchronized (this) {
            first = waiting.isEmpty();
            waiting.addAll(events);
        }
        if (first) {
            post(mailbox, () -> handler.accept(take()), "events of the engine");
        }
    }

    @Override
    public void onEngineFailure(Throwable cause) {
        onFailure.accept(cause);
        post(
                mailbox,
                () -> {
                    throw new EngineFailedException(cause);
                },
                "failure of the engine");
    }

    private synchronized List<EngineEvent> take() {
        List<EngineEvent> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    /** Posts a mail unless the task has ended, in which case nobody waits for it. */
    static void post(
            MailboxExecutor mailbox,
            ThrowingRunnable<? extends Exception> mail,
            String description) {
        try {
            mailbox.execute(mail, description);
        } catch (RejectedExecutionException ended) {
            // The requests concerned are in the last checkpoint and come back with it.
        }
    }
}
