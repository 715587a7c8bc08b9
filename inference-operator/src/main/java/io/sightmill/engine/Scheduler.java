package io.sightmill.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Decides what a step runs. Every sequence whose prompt has run decodes; what is left of the step's
 * tokens goes to prefill chunks and EMBED images, live before bulk, first come first served inside
 * a lane.
 *
 * <p>The first chunk always goes, whatever its size and however many sequences decode, so prefill
 * never starves; {@link LaneTurns} sees to it that bulk does not. A plan has one chunk a sequence;
 * while it runs, live may get more of what it leaves. While a live sequence runs or waits, all of
 * bulk together prefills no more than one chunk of text would take, for the live one waits for the
 * whole step. The tasks of a record prefill what they have in common once ({@link SharedPrefixes}).
 */
final class Scheduler {

    private final int stepTokens;
    private final int chunkTokens;
    private final ChunkBorders borders;
    private final LaneTurns turns;

    Scheduler(EngineOptions options) {
        this.stepTokens = options.stepTokens();
        this.chunkTokens = options.chunkTokens();
        this.borders = new ChunkBorders(options.chunkTokens());
        this.turns = new LaneTurns(options.bulkShare());
    }

    /** What a sequence wants to do before it can decode. */
    private sealed interface Work {

        int cost();

        /** Encode the images of an EMBED sequence. */
        record Embed(Sequence sequence) implements Work {
            @Override
            public int cost() {
                return sequence.prompt().imageTokens();
            }
        }

        /** Run a stretch of a prompt, and after its end the labels to compare. */
        record Prefill(PrefillChunk chunk) implements Work {
            @Override
            public int cost() {
                return chunk.stepTokens();
            }
        }
    }

    /**
     * @param running the admitted sequences in the order of their admission
     * @param kept those that have ended and whose keys and values are still there
     * @param liveWaits whether a live sequence waits to be admitted
     */
    BatchPlan plan(
            Collection<Sequence> running, Map<PrefixGroup, Sequence> kept, boolean liveWaits) {
        List<Sequence> decodes = new ArrayList<>();
        Map<Lane, Queue<Work>> begun = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            begun.put(lane, new ArrayDeque<>());
        }
        SharedPrefixes prefixes = new SharedPrefixes(borders, running, kept);
        for (Sequence sequence : running) {
            if (decodes(sequence)) {
                decodes.add(sequence);
            } else {
                begin(sequence, prefixes).ifPresent(begun.get(sequence.request().lane())::add);
            }
        }
        Queue<Work> live = begun.get(Lane.LIVE);
        Queue<Work> bulk = begun.get(Lane.BULK);
        int tokens = stepTokens - decodes.size();
        int ofBulk = liveWaits || hasLive(running) ? Math.min(chunkTokens, tokens) : tokens;
        List<Work> chosen = choose(live, bulk, tokens, ofBulk);
        return plan(chosen, copies(live, bulk), decodes);
    }

    private static boolean hasLive(Collection<Sequence> running) {
        return running.stream().anyMatch(Scheduler::isLive);
    }

    private static boolean isLive(Sequence sequence) {
        return sequence.request().lane() == Lane.LIVE;
    }

    private static boolean decodes(Sequence sequence) {
        return sequence.task().kind() != TaskKind.EMBED && sequence.isPrefilled();
    }

    /** What one that does not decode yet can do now. */
    private Optional<Work> begin(Sequence sequence, SharedPrefixes prefixes) {
        if (sequence.task().kind() == TaskKind.EMBED) {
            return Optional.of(new Work.Embed(sequence));
        }
        SharedPrefixes.Found prefix = prefixes.find(sequence);
        if (prefix.comesLater()) {
            return Optional.empty();
        }
        int from = Math.max(sequence.prefilledTokens(), prefix.positions());
        int to = borders.next(sequence.prefill(), from);
        return Optional.of(new Work.Prefill(new PrefillChunk(sequence, prefix.owner(), from, to)));
    }

    /** How many tokens a plan leaves of a step. */
    int tokensLeft(BatchPlan plan) {
        return Math.max(0, stepTokens - plan.stepTokens());
    }

    /**
     * What live sequences can do in a step besides what was planned for it: those that came during
     * it, and those whose chunk has run. First come first served, until bulk is owed a turn.
     *
     * @param running the admitted sequences in the order of their admission
     * @param kept those that have ended and whose keys and values are still there
     * @param planned those whose turn in this step is still to come
     * @param tokens what the step has left
     */
    BatchPlan moreOfLive(
            Collection<Sequence> running,
            Map<PrefixGroup, Sequence> kept,
            Set<Sequence> planned,
            int tokens) {
        List<Sequence> begins =
                running.stream()
                        .filter(sequence -> !decodes(sequence) && !planned.contains(sequence))
                        .toList();
        if (!hasLive(begins)) {
            return BatchPlan.EMPTY;
        }
        SharedPrefixes prefixes = new SharedPrefixes(borders, running, kept);
        Queue<Work> live = new ArrayDeque<>();
        begins.stream()
                .filter(Scheduler::isLive)
                .forEach(sequence -> begin(sequence, prefixes).ifPresent(live::add));
        boolean bulkWaits = begins.stream().anyMatch(sequence -> !isLive(sequence));
        return plan(chooseLive(live, bulkWaits, tokens), List.of(), List.of());
    }

    private List<Work> chooseLive(Queue<Work> live, boolean bulkWaits, int tokens) {
        List<Work> chosen = new ArrayList<>();
        int left = tokens;
        while (!live.isEmpty()
                && live.element().cost() <= left
                && turns.next(true, bulkWaits) == Lane.LIVE) {
            left -= live.element().cost();
            chosen.add(live.remove());
            turns.took(Lane.LIVE, bulkWaits);
        }
        return chosen;
    }

    /**
     * @param tokens of both lanes together
     * @param ofBulk of those, what bulk may have
     */
    private List<Work> choose(Queue<Work> live, Queue<Work> bulk, int tokens, int ofBulk) {
        List<Work> chosen = new ArrayList<>();
        int left = tokens;
        int leftOfBulk = ofBulk;
        while (!live.isEmpty() || !bulk.isEmpty()) {
            boolean bothWait = !live.isEmpty() && !bulk.isEmpty();
            Lane lane = turns.next(!live.isEmpty(), !bulk.isEmpty());
            Queue<Work> queue = lane == Lane.LIVE ? live : bulk;
            int cost = queue.element().cost();
            int most = lane == Lane.LIVE ? left : Math.min(left, leftOfBulk);
            if (!chosen.isEmpty() && cost > most) {
                break;
            }
            chosen.add(queue.remove());
            turns.took(lane, bothWait);
            left -= cost;
            leftOfBulk -= lane == Lane.BULK ? cost : 0;
        }
        return chosen;
    }

    /**
     * Those that were not chosen and can take a prefix: they take it now, which costs no tokens,
     * for its owner may end in this step.
     */
    private static List<PrefillChunk> copies(Queue<Work> live, Queue<Work> bulk) {
        List<PrefillChunk> copies = new ArrayList<>();
        for (Queue<Work> queue : List.of(live, bulk)) {
            for (Work work : queue) {
                if (work instanceof Work.Prefill left && left.chunk().prefixOf().isPresent()) {
                    PrefillChunk chunk = left.chunk();
                    copies.add(
                            new PrefillChunk(
                                    chunk.sequence(),
                                    chunk.prefixOf(),
                                    chunk.from(),
                                    chunk.from()));
                }
            }
        }
        return copies;
    }

    private static BatchPlan plan(
            List<Work> chosen, List<PrefillChunk> copies, List<Sequence> decodes) {
        List<Sequence> embeds = new ArrayList<>();
        List<PrefillChunk> prefills = new ArrayList<>();
        for (Work work : chosen) {
            if (work instanceof Work.Embed embed) {
                embeds.add(embed.sequence());
            } else if (work instanceof Work.Prefill prefill) {
                prefills.add(prefill.chunk());
            }
        }
        prefills.addAll(copies);
        return new BatchPlan(embeds, prefills, decodes);
    }
}
