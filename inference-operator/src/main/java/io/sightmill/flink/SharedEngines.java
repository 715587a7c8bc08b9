package io.sightmill.flink;

import io.sightmill.engine.Device;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.Model;
import io.sightmill.engine.ModelProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of this JVM: one a device, model and options, shared by every task that asks for the
 * same, opened by the first user and closed with the last.
 *
 * <p>Static state lives as long as its class loader: tasks of one job share an engine; another job
 * with its own class loader has its own. Thread-safe.
 */
final class SharedEngines {

    private static final Logger LOG = LoggerFactory.getLogger(SharedEngines.class);
    private static final SharedEngines OF_THIS_JVM = new SharedEngines();

    private final Map<Key, Entry> entries = new HashMap<>();

    /**
     * What makes two users share an engine.
     *
     * @param stepTimeout how long a call of the model may take; zero for any time
     */
    record Key(Device device, ModelProvider model, EngineOptions options, Duration stepTimeout) {}

    static SharedEngines ofThisJvm() {
        return OF_THIS_JVM;
    }

    /**
     * Joins the engine, loading the model if nobody has; blocks meanwhile.
     *
     * @param clock what the engine holds deadlines against, if it is not open yet
     * @throws IllegalStateException if the device is held by a call that does not return
     * @throws io.sightmill.engine.ModelLoadException if the checkpoint is broken
     */
    Lease acquire(Key key, Clock clock) {
        Entry entry;
        synchronized (entries) {
            entry = entries.get(key);
            boolean isUsable = entry != null && entry.users > 0 && !entry.hasFailed();
            if (entry != null && !isUsable && entry.isHeld()) {
                throw new IllegalStateException(
                        "%s on %s has not returned from a call that took longer than %s; restart this process"
                                .formatted(key.model(), key.device(), key.stepTimeout()));
            }
            if (!isUsable) {
                entry = new Entry(key);
                entries.put(key, entry);
            }
            entry.users++;
        }
        try {
            return new Lease(entry, entry.open(clock));
        } catch (RuntimeException | Error failure) {
            release(entry);
            throw failure;
        }
    }

    /** How many engines are open. */
    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    private void release(Entry entry) {
        synchronized (entries) {
            entry.users--;
            if (entry.users > 0) {
                return;
            }
            if (!entry.isHeld()) {
                entries.remove(entry.key, entry);
            }
        }
        entry.close();
    }

    /** One user's hold on an engine. */
    final class Lease implements AutoCloseable {

        private final Entry entry;
        private final EngineThread engine;
        private boolean closed;

        private Lease(Entry entry, EngineThread engine) {
            this.entry = entry;
            this.engine = engine;
        }

        EngineThread engine() {
            return engine;
        }

        /** Gives the engine back; the last user waits until the device's memory is free. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release(entry);
            }
        }
    }

    /** An engine and its users; the lock of the instance guards the engine, the map's the count. */
    private static final class Entry {

        private final Key key;
        private int users;
        private volatile EngineThread engine;

        private Entry(Key key) {
            this.key = key;
        }

        private boolean hasFailed() {
            EngineThread current = engine;
            return current != null && current.hasFailed();
        }

        /** Whether its device is in a call that does not return. */
        private boolean isHeld() {
            EngineThread current = engine;
            return current != null && current.isHanging();
        }

        private synchronized EngineThread open(Clock clock) {
            if (engine == null) {
                LOG.info("loading {} on {}", key.model(), key.device());
                Model model = key.model().open(key.device());
                engine = start(model, clock);
            }
            return engine;
        }

        private EngineThread start(Model model, Clock clock) {
            try {
                return new EngineThread(
                        threadName(), model, key.options(), key.stepTimeout(), clock);
            } catch (RuntimeException failure) {
                model.close();
                throw failure;
            }
        }

        private synchronized void close() {
            if (engine != null) {
                engine.close();
                LOG.info("closed {} on {}", key.model(), key.device());
            }
        }

        private String threadName() {
            return "sightmill-engine-%s-%d"
                    .formatted(key.device().kind(), key.device().index())
                    .toLowerCase(Locale.ROOT);
        }
    }
}
