package io.sightmill.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one step runs, or a part of one. A sequence is in it at most once.
 *
 * @param embeds EMBED sequences: encode and project their images, nothing else
 * @param prefills stretches of prompts, after the prefixes that are copied for them; images whose
 *     span ends in a chunk and that are not encoded yet are encoded and projected first
 * @param decodes sequences whose next token is wanted; each is fed {@link Sequence#inputToken()} at
 *     position {@link Sequence#inputPosition()}
 */
public record BatchPlan(
        List<Sequence> embeds, List<PrefillChunk> prefills, List<Sequence> decodes) {

    static final BatchPlan EMPTY = new BatchPlan(List.of(), List.of(), List.of());

    public BatchPlan {
        embeds = List.copyOf(embeds);
        prefills = List.copyOf(prefills);
        decodes = List.copyOf(decodes);
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** How many sequences it runs. */
    public int size() {
        return embeds.size() + prefills.size() + decodes.size();
    }

    /** What it takes of a step's tokens. */
    int stepTokens() {
        return embeds.stream().mapToInt(each -> each.prompt().imageTokens()).sum()
                + prefills.stream().mapToInt(PrefillChunk::stepTokens).sum()
                + decodes.size();
    }

    /** Everybody it runs, in the plan's order. */
    List<Sequence> sequences() {
        List<Sequence> all = new ArrayList<>(embeds);
        prefills.forEach(chunk -> all.add(chunk.sequence()));
        all.addAll(decodes);
        return all;
    }

    /**
     * What gives live sequences their first token, and then everything else: who waits for it need
     * not wait for the rest. Tasks of one record stay together, for one may copy from another, and
     * that one may end. A plan that gains nothing by it stays whole.
     */
    List<BatchPlan> firstTokensFirst() {
        Set<PrefixGroup> first = new HashSet<>();
        embeds.forEach(sequence -> addLive(sequence, first));
        prefills.stream()
                .filter(PrefillChunk::isLast)
                .forEach(chunk -> addLive(chunk.sequence(), first));
        BatchPlan soon =
                new BatchPlan(embeds, prefills, List.of())
                        .only(sequence -> first.contains(PrefixGroup.of(sequence.request())));
        if (soon.isEmpty() || soon.size() == size()) {
            return List.of(this);
        }
        Set<Sequence> taken = new HashSet<>(soon.sequences());
        return List.of(soon, only(sequence -> !taken.contains(sequence)));
    }

    /**
     * What gives live sequences their first token, then all other records one by one, and the
     * decodes: between any two of them a sequence that comes meanwhile can be let in. An owner of a
     * prefix decodes, and may end, only after all that copy from it.
     */
    List<BatchPlan> recordByRecord() {
        List<BatchPlan> parts = new ArrayList<>();
        for (BatchPlan part : firstTokensFirst()) {
            BatchPlan begins = new BatchPlan(part.embeds, part.prefills, List.of());
            begins.sequences().stream()
                    .map(sequence -> PrefixGroup.of(sequence.request()))
                    .distinct()
                    .map(group -> begins.only(each -> PrefixGroup.of(each.request()).equals(group)))
                    .forEach(parts::add);
        }
        if (!decodes.isEmpty()) {
            parts.add(new BatchPlan(List.of(), List.of(), decodes));
        }
        return parts;
    }

    private static void addLive(Sequence sequence, Set<PrefixGroup> groups) {
        if (sequence.request().lane() == Lane.LIVE) {
            groups.add(PrefixGroup.of(sequence.request()));
        }
    }

    /** The part that runs the sequences for which the condition holds. */
    BatchPlan only(Predicate<Sequence> condition) {
        return new BatchPlan(
                embeds.stream().filter(condition).toList(),
                prefills.stream().filter(chunk -> condition.test(chunk.sequence())).toList(),
                decodes.stream().filter(condition).toList());
    }

    /** The part that runs the sequences from one index to another, counted in the plan's order. */
    BatchPlan part(int from, int to) {
        int firstDecode = embeds.size() + prefills.size();
        return new BatchPlan(
                overlap(embeds, from, to),
                overlap(prefills, from - embeds.size(), to - embeds.size()),
                overlap(decodes, from - firstDecode, to - firstDecode));
    }

    private static <T> List<T> overlap(List<T> all, int from, int to) {
        int begin = Math.min(Math.max(from, 0), all.size());
        return all.subList(begin, Math.max(begin, Math.min(to, all.size())));
    }
}
