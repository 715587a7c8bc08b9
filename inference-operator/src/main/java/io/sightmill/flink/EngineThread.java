package io.sightmill.flink;

import io.sightmill.engine.EngineCounters;
import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.RequestPreprocessor;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.TokenDecoder;
import io.sightmill.engine.WatchedRunner;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a model's runner and its engine: takes commands, steps while there is
 * work, parks when there is none.
 *
 * <p>Each step's events go out in one batch a subscriber, so that a subscriber never sees half a
 * step. If a step throws, the engine is gone: every subscriber is told, and the thread ends. A call
 * of the model that takes too long costs the sequence it hangs on ({@link WatchedRunner}).
 */
final class EngineThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Model model;
    private final Thread thread;
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicLong lastKey = new AtomicLong();
    private final ModelRunner runner;
    private final Optional<WatchedRunner> watch;
    private volatile Throwable failure;
    private volatile boolean closesLater;
    private volatile boolean modelClosed;
    private volatile EngineCounters counters;

    // Owned by the engine's thread.
    private final GenerationEngine engine;
    private final Map<SequenceId, Subscription> routes = new HashMap<>();
    private final Map<Subscription, List<EngineEvent>> stepEvents = new LinkedHashMap<>();
    private boolean closing;

    /**
     * Starts the thread; it closes the model when it ends.
     *
     * @param stepTimeout how long a call of the model may take; zero for any time
     * @param clock what deadlines are held against
     */
    EngineThread(
            String name, Model model, EngineOptions options, Duration stepTimeout, Clock clock) {
        this.model = model;
        this.watch =
                stepTimeout.isZero()
                        ? Optional.empty()
                        : Optional.of(new WatchedRunner(model::newRunner, stepTimeout));
        this.runner = watch.map(ModelRunner.class::cast).orElseGet(model::runner);
        this.engine =
                new GenerationEngine(
                        runner,
                        model.description(),
                        model.tokenDecoder(),
                        options,
                        new Router(),
                        System::nanoTime,
                        clock);
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

    /** Whether a call of the model has not returned in time and not since. Thread-safe. */
    boolean isHanging() {
        return closesLater ? !modelClosed : watch.filter(WatchedRunner::isHanging).isPresent();
    }

    /** From now on the subscriber can submit. Thread-safe. */
    Subscription subscribe(EngineSubscriber subscriber) {
        Subscription subscription = new Subscription(subscriber);
        subscriptions.add(subscription);
        if (hasFailed()) {
            subscriber.onEngineFailure(failure);
        }
        return subscription;
    }

    /**
     * Ends everything in flight and waits until the thread is gone and the model is closed; but not
     * for a call of the model that hangs: the model is closed when that returns, if it ever does.
     */
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
            while (!closing && failure == null) {
                takeCommands();
                if (!closing && engine.hasWork()) {
                    engine.step(this::takeArrivals);
                }
                counters = engine.counters();
            }
        } catch (Throwable cause) {
            fail(cause);
        } finally {
            closeAll();
        }
    }

    private void takeCommands() throws InterruptedException {
        if (!engine.hasWork()) {
            commands.take().run();
        }
        takeArrivals();
    }

    private void takeArrivals() {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
    }

    private void deliver() {
        stepEvents.forEach((subscription, events) -> subscription.subscriber.onEvents(events));
        stepEvents.clear();
    }

    private void fail(Throwable cause) {
        LOG.error("the engine of {} fails: {}", thread.getName(), cause, cause);
        failure = cause;
        subscriptions.forEach(subscription -> subscription.subscriber.onEngineFailure(cause));
    }

    private void closeAll() {
        routes.clear();
        try {
            engine.close();
            watch.ifPresent(WatchedRunner::close);
        } catch (RuntimeException exception) {
            LOG.warn("the engine did not close cleanly", exception);
        } finally {
            closeModel();
        }
    }

    /** Weights must not go while a call that was left behind may read them. */
    private void closeModel() {
        if (watch.filter(WatchedRunner::isHanging).isEmpty()) {
            model.close();
            return;
        }
        LOG.warn("a call of {} hangs; its model is closed when it returns", thread.getName());
        closesLater = true;
        Thread waiter =
                new Thread(
                        () -> {
                            watch.get().awaitHanging();
                            model.close();
                            modelClosed = true;
                        },
                        thread.getName() + "-close");
        waiter.setDaemon(true);
        waiter.start();
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
            long sinceNanos = System.nanoTime();
            commands.add(() -> handed.forEach(sequence -> admit(sequence, sinceNanos)));
        }

        private void admit(SequenceRequest sequence, long sinceNanos) {
            if (failure == null) {
                routes.put(sequence.id(), this);
                engine.submit(sequence, sinceNanos);
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

        @Override
        public void onDelivered() {
            deliver();
        }

        private void add(Subscription subscription, EngineEvent event) {
            if (subscription != null) {
                stepEvents.computeIfAbsent(subscription, any -> new ArrayList<>()).add(event);
            }
        }
    }
}
