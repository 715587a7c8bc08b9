package io.sightmill.flink.quarantine;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The ledger of a job: which records run on which engine, and what speaks against them.
 *
 * <p>Nothing runs that is not written down here first, so a process that dies in the middle of a
 * native call leaves its suspects behind. While an engine has suspects, they run in small groups,
 * then alone, and everything else waits: nobody is blamed for what another one did. A suspect that
 * is answered is one no longer.
 *
 * <p>One thread, the JobManager's. INVARIANT: while a suspect runs on an engine, nothing runs there
 * that was not granted with it.
 */
final class Quarantine {

    /** Each of them took three failures of the job. */
    private static final int MOST_REMEMBERED = 10_000;

    private static final String NO_WORD = "its TaskManager was lost";

    private final Map<String, Suspicion> suspicions = new LinkedHashMap<>();
    private final Map<EngineName, Engine> engines = new HashMap<>();

    /** The engine that each suspect was lost with, until its process's crash log is found. */
    private final Map<String, EngineName> lostWith = new HashMap<>();

    /** What runs on an engine, and which suspects wait for it; each with who holds it. */
    private static final class Engine {

        private final Map<String, Holder> running = new LinkedHashMap<>();
        private final Map<String, Holder> waitingSuspects = new LinkedHashMap<>();

        /** It takes nothing more; whoever used it starts over. */
        private boolean hasFailed;

        private void forget(Predicate<Holder> holder) {
            running.values().removeIf(holder);
            waitingSuspects.values().removeIf(holder);
        }

        private void fail() {
            forget(any -> true);
            hasFailed = true;
        }

        private boolean isEmpty() {
            return running.isEmpty() && waitingSuspects.isEmpty();
        }
    }

    /** Takes what left, and grants or refuses what asks; what it does neither with waits. */
    Verdicts take(Turn turn) {
        Engine engine = engine(turn.holder().engine());
        turn.left().forEach(position -> leave(engine, position));
        Map<String, String> refused = new LinkedHashMap<>();
        for (String position : turn.asked()) {
            if (suspicion(position).isGuilty()) {
                refused.put(position, verdict(suspicion(position)));
            } else if (isSuspect(position) && !engine.running.containsKey(position)) {
                engine.waitingSuspects.put(position, turn.holder());
            }
        }
        List<String> granted =
                grant(engine, turn.asked().stream().filter(each -> !refused.containsKey(each)));
        for (String position : granted) {
            engine.waitingSuspects.remove(position);
            engine.running.put(position, turn.holder());
        }
        return new Verdicts(granted, refused);
    }

    /** Whoever was answered is innocent. One who was refused may come back from a checkpoint. */
    private void leave(Engine engine, String position) {
        engine.running.remove(position);
        engine.waitingSuspects.remove(position);
        if (!suspicion(position).isGuilty()) {
            suspicions.remove(position);
            lostWith.remove(position);
        }
    }

    private List<String> grant(Engine engine, Stream<String> asked) {
        if (engine.hasFailed) {
            return List.of();
        }
        boolean isTrial = engine.running.keySet().stream().anyMatch(this::isSuspect);
        if (!isTrial && engine.waitingSuspects.isEmpty()) {
            return asked.toList();
        }
        if (!engine.running.isEmpty()) {
            // What runs was granted before; the answer was lost.
            return asked.filter(engine.running::containsKey).toList();
        }
        return trial(asked.filter(this::isSuspect).toList());
    }

    /** The first suspect, and others like it if it need not be alone. */
    private List<String> trial(List<String> suspects) {
        if (suspects.isEmpty()) {
            return List.of();
        }
        int size = suspicion(suspects.get(0)).trialSize();
        return suspects.stream()
                .filter(position -> suspicion(position).trialSize() == size)
                .limit(size)
                .toList();
    }

    /** A subtask fails and says so; whatever ran on its engine is suspected, or one record is. */
    void failing(Failing failing) {
        Engine engine = engine(failing.holder().engine());
        if (failing.position() != null) {
            suspect(List.of(failing.position()), true, true, failing.cause());
        } else {
            suspect(engine.running.keySet(), engine.running.size() == 1, true, failing.cause());
        }
        engine.fail();
    }

    /** A subtask ends in order, for another's fault or nobody's. */
    void leaving(Holder holder) {
        engine(holder.engine()).forget(holder::equals);
    }

    /** A subtask starts over. What its last attempt still holds was lost with its process. */
    void reset(String operator, int subtask) {
        reset(holder -> holder.operator().equals(operator) && holder.subtask() == subtask);
    }

    /** All subtasks of an operator start over. */
    void reset(String operator) {
        reset(holder -> holder.operator().equals(operator));
    }

    private void reset(Predicate<Holder> concerned) {
        engines.forEach(
                (name, engine) -> {
                    if (engine.running.values().stream().anyMatch(concerned)) {
                        Set<String> lost = engine.running.keySet();
                        lost.forEach(position -> lostWith.put(position, name));
                        suspect(lost, lost.size() == 1, false, NO_WORD);
                        engine.fail();
                    }
                    engine.forget(concerned);
                });
        engines.values().removeIf(Engine::isEmpty);
    }

    /** A process that is gone left word of why. */
    void crashed(Crash crash) {
        lostWith.entrySet()
                .removeIf(
                        lost -> {
                            boolean isExplained = crash.isOf(lost.getValue());
                            if (isExplained) {
                                suspicions.computeIfPresent(
                                        lost.getKey(),
                                        (any, each) -> each.explained(crash.cause()));
                            }
                            return isExplained;
                        });
    }

    private Engine engine(EngineName name) {
        return engines.computeIfAbsent(name, any -> new Engine());
    }

    private void suspect(
            Collection<String> positions, boolean alone, boolean explained, String cause) {
        for (String position : positions) {
            suspicions.put(position, suspicion(position).and(alone, explained, cause));
        }
        while (suspicions.size() > MOST_REMEMBERED) {
            String oldest = suspicions.keySet().iterator().next();
            suspicions.remove(oldest);
            lostWith.remove(oldest);
        }
    }

    private boolean isSuspect(String position) {
        return suspicion(position).trialSize() > 0;
    }

    private Suspicion suspicion(String position) {
        return suspicions.getOrDefault(position, Suspicion.NONE);
    }

    private static String verdict(Suspicion suspicion) {
        return "the job failed %d times while this record ran, at last with nothing beside it, and it is not run again; the last failure was: %s"
                .formatted(suspicion.failures(), suspicion.cause());
    }

    /** What speaks against which record. */
    Map<String, Suspicion> suspicions() {
        return Map.copyOf(suspicions);
    }

    /** Adds what a checkpoint knew. What was learnt since stays known. */
    void restore(Map<String, Suspicion> known) {
        known.forEach((position, each) -> suspicions.merge(position, each, Suspicion::or));
    }

    /** What is said of a record, if anything. */
    Optional<Suspicion> of(String position) {
        return Optional.ofNullable(suspicions.get(position));
    }
}
