package io.sightmill.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * What the listener is to hear, in order. It hears nothing before the engine's state is settled, so
 * that it may call the engine, and a listener that throws leaves no sequence half-settled.
 */
final class EngineEvents {

    private final EngineListener listener;
    private final Queue<Consumer<EngineListener>> undelivered = new ArrayDeque<>();
    private boolean delivering;
    private long finished;
    private long cancelled;
    private long late;
    private long failed;

    EngineEvents(EngineListener listener) {
        this.listener = listener;
    }

    void token(SequenceId id, int tokenId) {
        undelivered.add(hears -> hears.onToken(id, tokenId));
    }

    void finished(SequenceResult result) {
        if (result.finishReason() == FinishReason.CANCELLED) {
            cancelled++;
        } else if (result.finishReason() == FinishReason.LATE) {
            late++;
        } else {
            finished++;
        }
        undelivered.add(hears -> hears.onFinished(result));
    }

    void failed(SequenceRequest request, RequestRejectedException failure) {
        failed++;
        undelivered.add(hears -> hears.onFailed(request, failure));
    }

    /** Tells the listener; what it leaves by throwing comes with the next delivery. */
    void deliver() {
        if (delivering) {
            return; // the listener called the engine: what it caused follows what it is hearing
        }
        delivering = true;
        boolean any = !undelivered.isEmpty();
        try {
            while (!undelivered.isEmpty()) {
                undelivered.remove().accept(listener);
            }
            if (any) {
                listener.onDelivered();
            }
        } finally {
            delivering = false;
        }
    }

    long finished() {
        return finished;
    }

    long cancelled() {
        return cancelled;
    }

    long late() {
        return late;
    }

    long failed() {
        return failed;
    }
}
