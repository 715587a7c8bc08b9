package io.sightmill.flink;

import io.sightmill.engine.EngineCounters;
import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.TokenDecoder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a model's runner and its engine: takes commands, steps while there is
 * work, parks when there is none.
 *
 * <p>Each step's events go out in one batch a subscriber, so that a subscriber never sees half a
 * step. If a step throws, the engine is gone: every subscriber is told, and the thread ends.
 */
final class EngineThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);

    private final Model model;
    private final Thread thread;
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
    private final AtomicLong lastKey = new AtomicLong();
    private volatile Throwable failure;
    private volatile EngineCounters counters;

    // Owned by the engine's thread.
    private final GenerationEngine engine;
    private final Map<SequenceId, Subscription> routes = new HashMap<>();
    private final Map<Subscription, List<EngineEvent>> stepEvents = new LinkedHashMap<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean closing;

    /** Starts the thread; it closes the model when it ends. */
    EngineThread(String name, Model model, EngineOptions options) {
        this.model = model;
        this.engine =
                new GenerationEngine(
                        model.runner(),
                        model.description(),
                        model.tokenDecoder(),
                        options,
                        new Router(),
                        System::nanoTime,
                        Clock.systemUTC());
        this.counters = engine.counters();
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    ModelDescription description() {
        return model.description();
    }

    TokenDecoder tokenDecoder() {
        return model.tokenDecoder();
    }

    RequestPreprocessor preprocessor() {
        return model.preprocessor();
    }

    /** What the engine does and has done, as of its last step. Thread-safe. */
    EngineCounters counters() {
        return counters;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** From now on the subscriber can submit. Thread-safe. */
    Subscription subscribe(EngineSubscriber subscriber) {
        Subscription subscription = new Subscription(subscriber);
        commands.add(() -> subscriptions.add(subscription));
        if (hasFailed()) {
            subscriber.onEngineFailure(failure);
        }
        return subscription;
    }

    /** Ends everything in flight, closes the model and waits until the thread is gone. */
    @Override
    public void close() {
        commands.add(() -> closing = true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException exception) {
                // The device's memory must be free before the next attempt loads the model.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                takeCommands();
                if (!closing && engine.hasWork()) {
                    engine.step();
                }
                counters = engine.counters();
                deliver();
            }
        } catch (Throwable cause) {
            fail(cause);
        } finally {
            closeAll();
        }
    }

    private void takeCommands() throws InterruptedException {
        Runnable command = engine.hasWork() ? commands.poll() : commands.take();
        while (command != null) {
            command.run();
            command = commands.poll();
        }
    }

    private void deliver() {
        stepEvents.forEach((subscription, events) -> subscription.subscriber.onEvents(events));
        stepEvents.clear();
    }

    private void fail(Throwable cause) {
        LOG.error("engine thread {} ends: {}", Thread.currentThread().getName(), cause, cause);
        failure = cause;
        // Those that subscribed while the last step ran; later ones see the failure themselves.
        commands.forEach(Runnable::run);
        subscriptions.forEach(subscription -> subscription.subscriber.onEngineFailure(cause));
    }

    private void closeAll() {
        routes.clear();
        try {
            engine.close();
        } catch (RuntimeException exception) {
            LOG.warn("the engine did not close cleanly", exception);
        } finally {
            model.close();
        }
    }

    /** One user's access to the engine. All methods are thread-safe and return at once. */
    final class Subscription implements AutoCloseable {

        private final EngineSubscriber subscriber;

        private Subscription(EngineSubscriber subscriber) {
            this.subscriber = subscriber;
        }

        /**
         * A name for a request that no other request in this engine has: lanes share the engine,
         * and a topic may hold the same requestId twice.
         */
        String newKey(String requestId) {
            return requestId + "#" + lastKey.incrementAndGet();
        }

        /** Hands sequences over; all of them join the same step's admission. */
        void submit(List<SequenceRequest> sequences) {
            List<SequenceRequest> handed = List.copyOf(sequences);
            commands.add(() -> handed.forEach(this::admit));
        }

        private void admit(SequenceRequest sequence) {
            if (failure == null) {
                routes.put(sequence.id(), this);
                engine.submit(sequence);
            }
        }

        /** Ends all sequences of a request; nothing more is heard of it. */
        void cancel(String key) {
            commands.add(() -> forget(key));
        }

        private void forget(String key) {
            if (failure == null) {
                // Routes first: the engine reports what it cancels, and nobody waits for it.
                routes.keySet().removeIf(id -> id.requestId().equals(key));
                engine.cancel(key);
            }
        }

        /** Ends everything this user has in flight. */
        @Override
        public void close() {
            commands.add(this::leave);
        }

        private void leave() {
            subscriptions.remove(this);
            stepEvents.remove(this);
            routes.entrySet().stream()
                    .filter(route -> route.getValue() == this)
                    .map(route -> route.getKey().requestId())
                    .distinct()
                    .toList()
                    .forEach(this::forget);
        }
    }

    /** Sorts the engine's events by who submitted the sequence. */
    private final class Router implements EngineListener {

        @Override
        public void onToken(SequenceId id, int tokenId) {
            add(routes.get(id), new EngineEvent.Token(id, tokenId));
        }

        @Override
        public void onFinished(SequenceResult result) {
            add(routes.remove(result.request().id()), new EngineEvent.Finished(result));
        }

        @Override
        public void onFailed(SequenceRequest request, RequestRejectedException cause) {
            add(routes.remove(request.id()), new EngineEvent.Failed(request.id(), cause));
        }

        private void add(Subscription subscription, EngineEvent event) {
            if (subscription != null) {
                stepEvents.computeIfAbsent(subscription, any -> new ArrayList<>()).add(event);
            }
        }
    }
}
