package io.sightmill.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The admitted sequences in the order of their admission.
 *
 * <p>INVARIANT: the budget holds exactly their reservations and those of kept prefixes, and each is
 * released by the runner exactly once, when its memory is given up.
 */
final class RunningSequences {

    private final ModelRunner runner;
    private final KvBudget budget;
    private final KeptPrefixes kept;
    private final int maxSequences;
    private final Map<SequenceId, RunningSequence> sequences = new LinkedHashMap<>();
    private RuntimeException releaseFailure;

    /**
     * @param kept those of its sequences that have ended and keep their memory for others
     */
    RunningSequences(ModelRunner runner, EngineOptions options, KeptPrefixes kept) {
        this.runner = runner;
        this.kept = kept;
        this.budget = new KvBudget(options.kvTokens());
        this.maxSequences = options.maxSequences();
    }

    /** Whether a sequence fits, in the memory of kept prefixes if it must. */
    boolean fits(SequenceRequest request) {
        return fitsWithout(List.of(), request);
    }

    /** Whether a sequence would fit if these had left. */
    boolean fitsWithout(Collection<RunningSequence> leaving, SequenceRequest request) {
        int freed = leaving.stream().mapToInt(this::reserved).sum() + keptTokens();
        int needed = runner.heldKvTokens(request.task());
        return sequences.size() - leaving.size() < maxSequences
                && budget.fits(Math.max(0, needed - freed));
    }

    /** Whether a sequence fits and leaves this much room besides. */
    boolean fitsBeside(LiveRoom room, SequenceRequest request) {
        int needed = runner.heldKvTokens(request.task()) + room.kvTokens();
        return fits(request)
                && sequences.size() + room.sequences() < maxSequences
                && budget.fits(Math.max(0, needed - keptTokens()));
    }

    /** What the live lane holds. */
    LiveRoom.Use live() {
        int count = 0;
        int tokens = 0;
        for (RunningSequence sequence : sequences.values()) {
            if (!isBulk(sequence)) {
                count++;
                tokens += reserved(sequence);
            }
        }
        return new LiveRoom.Use(count, tokens);
    }

    /** The bulk sequences that give way to live ones, the oldest first. */
    List<RunningSequence> yielding() {
        return sequences.values().stream()
                .filter(sequence -> isBulk(sequence) && !sequence.keepsPlace())
                .toList();
    }

    /** How many bulk sequences keep their place. */
    int kept() {
        return (int)
                sequences.values().stream()
                        .filter(sequence -> isBulk(sequence) && sequence.keepsPlace())
                        .count();
    }

    private static boolean isBulk(RunningSequence sequence) {
        return sequence.request().lane() == Lane.BULK;
    }

    private int reserved(RunningSequence sequence) {
        return runner.heldKvTokens(sequence.request().task());
    }

    /** Positions of KV memory that kept prefixes hold. */
    private int keptTokens() {
        return kept.all().values().stream()
                .mapToInt(each -> runner.heldKvTokens(each.task()))
                .sum();
    }

    /**
     * Admits a sequence that fits.
     *
     * @throws RuntimeException if the runner does not take it; it is not admitted then
     */
    void admit(RunningSequence sequence) {
        int tokens = reserved(sequence);
        kept.take(sequence.sequence().id()).ifPresent(this::free);
        while (!budget.fits(tokens)) {
            free(kept.takeFor(sequence.request()));
        }
        budget.reserve(tokens);
        try {
            runner.admit(sequence.sequence());
        } catch (RuntimeException | Error refused) {
            budget.free(tokens);
            throw refused;
        }
        sequences.put(sequence.sequence().id(), sequence);
    }

    /** Takes a sequence out that has ended; its memory stays if tasks of its record gain by it. */
    void end(RunningSequence sequence) {
        sequences.remove(sequence.sequence().id());
        kept.keep(sequence.sequence(), inAdmissionOrder()).ifPresent(this::free);
    }

    /** Takes a sequence out and frees what it holds. */
    void release(RunningSequence sequence) {
        sequences.remove(sequence.sequence().id());
        free(sequence.sequence());
    }

    /**
     * Takes everybody out and gives up all memory, that of kept prefixes too.
     *
     * @return those that ran, the oldest first
     */
    List<RunningSequence> releaseAll() {
        List<RunningSequence> all = all();
        all.forEach(this::release);
        List.copyOf(kept.all().values()).forEach(this::free);
        kept.all().clear();
        return all;
    }

    /** Frees the kept prefixes from which nobody gains any more. */
    void releaseUnneeded() {
        if (!kept.all().isEmpty()) {
            kept.takeUnneeded(inAdmissionOrder()).forEach(this::free);
        }
    }

    private void free(Sequence sequence) {
        budget.free(runner.heldKvTokens(sequence.task()));
        try {
            runner.release(sequence);
        } catch (RuntimeException failure) {
            releaseFailure = failure;
        }
    }

    /**
     * Throws what a release has thrown, after everybody else was served: memory that cannot be
     * freed is a fault of ours and no sequence's.
     */
    void rethrowReleaseFailure() {
        if (releaseFailure != null) {
            RuntimeException failure = releaseFailure;
            releaseFailure = null;
            throw new IllegalStateException("the model runner failed to release", failure);
        }
    }

    Optional<RunningSequence> find(SequenceId id) {
        return Optional.ofNullable(sequences.get(id));
    }

    List<RunningSequence> all() {
        return List.copyOf(sequences.values());
    }

    Collection<Sequence> inAdmissionOrder() {
        List<Sequence> ordered = new ArrayList<>(sequences.size());
        for (RunningSequence sequence : sequences.values()) {
            ordered.add(sequence.sequence());
        }
        return ordered;
    }

    /** How many of a lane run. */
    int size(Lane lane) {
        int size = 0;
        for (RunningSequence sequence : sequences.values()) {
            size += sequence.request().lane() == lane ? 1 : 0;
        }
        return size;
    }

    int size() {
        return sequences.size();
    }

    int kvTokensUsed() {
        return budget.used();
    }
}
