package io.sightmill.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Decides what a step runs. Every sequence whose prompt has run decodes; what is left of the step's
 * tokens goes to prefill chunks and EMBED images, live before bulk, first come first served inside
 * a lane.
 *
 * <p>The first chunk always goes, whatever its size and however many sequences decode, so prefill
 * never starves; {@link LaneTurns} sees to it that bulk does not. A sequence gets one chunk a step.
 */
final class Scheduler {

    private final int stepTokens;
    private final ChunkBorders borders;
    private final LaneTurns turns;

    Scheduler(EngineOptions options) {
        this.stepTokens = options.stepTokens();
        this.borders = new ChunkBorders(options.chunkTokens());
        this.turns = new LaneTurns(options.bulkShare());
    }

    /**
     * @param running the admitted sequences in the order of their admission
     */
    BatchPlan plan(Collection<Sequence> running) {
        List<Sequence> decodes = new ArrayList<>();
        Map<Lane, Queue<Sequence>> begun = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            begun.put(lane, new ArrayDeque<>());
        }
        for (Sequence sequence : running) {
            boolean decoding = !isEmbed(sequence) && sequence.isPrefilled();
            (decoding ? decodes : begun.get(sequence.request().lane())).add(sequence);
        }
        List<Sequence> chosen =
                choose(begun.get(Lane.LIVE), begun.get(Lane.BULK), stepTokens - decodes.size());
        return new BatchPlan(
                chosen.stream().filter(Scheduler::isEmbed).toList(),
                chosen.stream().filter(sequence -> !isEmbed(sequence)).map(this::chunk).toList(),
                decodes);
    }

    private List<Sequence> choose(Queue<Sequence> live, Queue<Sequence> bulk, int tokens) {
        List<Sequence> chosen = new ArrayList<>();
        int left = tokens;
        while (!live.isEmpty() || !bulk.isEmpty()) {
            boolean bothWait = !live.isEmpty() && !bulk.isEmpty();
            Lane lane = turns.next(!live.isEmpty(), !bulk.isEmpty());
            Queue<Sequence> queue = lane == Lane.LIVE ? live : bulk;
            int cost = cost(queue.element());
            if (!chosen.isEmpty() && cost > left) {
                break;
            }
            chosen.add(queue.remove());
            turns.took(lane, bothWait);
            left -= cost;
        }
        return chosen;
    }

    private int cost(Sequence sequence) {
        return isEmbed(sequence) ? sequence.prompt().imageTokens() : chunk(sequence).length();
    }

    private PrefillChunk chunk(Sequence sequence) {
        int from = sequence.prefilledTokens();
        return new PrefillChunk(sequence, from, borders.next(sequence.prompt(), from));
    }

    private static boolean isEmbed(Sequence sequence) {
        return sequence.task().kind() == TaskKind.EMBED;
    }
}
