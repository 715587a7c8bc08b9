package io.sightmill.flink;

import java.util.concurrent.CompletableFuture;

/**
 * Lets the operator hold its chained source back without occupying the mailbox.
 *
 * <p>Waiting inside processElement would keep checkpoints out: a yield runs the operator's own mail
 * only, and the trigger of a checkpoint has a lower priority. With the gate shut the source says
 * that it has nothing, the mailbox idles, and a checkpoint or a savepoint begins at once however
 * long the answers in flight take.
 *
 * <p>Source and operator of a chain run on one task thread; that is how they find each other, and
 * why nothing here is synchronized. A source that is not chained finds a gate that is always open
 * and is held back by the network as usual.
 */
final class RequestGate {

    private static final ThreadLocal<RequestGate> OF_THIS_TASK =
            ThreadLocal.withInitial(RequestGate::new);

    private static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);

    private CompletableFuture<Void> opening = OPEN;

    /** The gate of the task that runs on this thread. */
    static RequestGate ofThisTask() {
        return OF_THIS_TASK.get();
    }

    boolean isOpen() {
        return opening.isDone();
    }

    /** Completes, on the task thread, when the gate opens. */
    CompletableFuture<Void> opening() {
        return opening;
    }

    /** Shuts or opens the gate; nothing happens if it stands like that already. */
    void setOpen(boolean open) {
        if (open && !isOpen()) {
            CompletableFuture<Void> waiting = opening;
            opening = OPEN;
            waiting.complete(null);
        } else if (!open && isOpen()) {
            opening = new CompletableFuture<>();
        }
    }
}
