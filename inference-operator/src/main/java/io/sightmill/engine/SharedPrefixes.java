package io.sightmill.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what the tasks of a record have in common: the system prompt and the images before the
 * first word that differs. It is prefilled by the first of them; the others wait for it and take a
 * copy, which their own reservations have room for.
 *
 * <p>A prefix ends at a border at which both prompts are cut anyway, so its keys and values have
 * the same bits whoever ran it. Who has to prefill it is decided anew in every step: if that
 * sequence ends early, the next one begins.
 */
final class SharedPrefixes {

    private final ChunkBorders borders;
    private final Map<Owner, List<Sequence>> records = new HashMap<>();

    /** A record's tasks as the engine knows them. */
    private record Owner(String requestId, String tenant, Lane lane) {

        static Owner of(Sequence sequence) {
            SequenceRequest request = sequence.request();
            return new Owner(request.requestId(), request.tenant(), request.lane());
        }
    }

    /**
     * What a sequence that has not begun can take from another.
     *
     * @param positions how many, a border of both prompts; 0 for nothing
     * @param comesLater whether another one ahead is about to have more
     */
    record Found(Optional<Sequence> owner, int positions, boolean comesLater) {

        static final Found NOTHING = new Found(Optional.empty(), 0, false);
    }

    /**
     * @param running in the order of their admission
     */
    SharedPrefixes(ChunkBorders borders, Collection<Sequence> running) {
        this.borders = borders;
        for (Sequence sequence : running) {
            if (sequence.task().kind() != TaskKind.EMBED) {
                records.computeIfAbsent(Owner.of(sequence), unused -> new ArrayList<>())
                        .add(sequence);
            }
        }
    }

    /** What there is for a sequence; nothing for one that has begun. */
    Found find(Sequence sequence) {
        List<Sequence> siblings = records.getOrDefault(Owner.of(sequence), List.of());
        if (siblings.size() < 2 || sequence.prefilledTokens() > 0) {
            return Found.NOTHING;
        }
        Found found = Found.NOTHING;
        int expected = 0;
        boolean ahead = true;
        for (Sequence other : siblings) {
            if (other == sequence) {
                ahead = false;
                continue;
            }
            int common = common(other.prompt(), sequence.prompt());
            int there = Math.min(common, other.prefilledTokens());
            if (there > found.positions()) {
                found = new Found(Optional.of(other), there, false);
            }
            expected = ahead ? Math.max(expected, common) : expected;
        }
        return expected > found.positions() ? new Found(Optional.empty(), 0, true) : found;
    }

    /**
     * The last border, before the second prompt's end, up to which two prompts are cut alike and
     * hold the same.
     */
    int common(Prompt owner, Prompt prompt) {
        int border = 0;
        while (border < owner.length() && border < prompt.length()) {
            int next = borders.next(prompt, border);
            if (next == prompt.length()
                    || next != borders.next(owner, border)
                    || !isAlike(owner, prompt, border, next)) {
                return border;
            }
            border = next;
        }
        return border;
    }

    private static boolean isAlike(Prompt one, Prompt other, int from, int to) {
        return Arrays.equals(one.tokenIds(), from, to, other.tokenIds(), from, to)
                && images(one, from, to).equals(images(other, from, to));
    }

    /** Where images lie in a stretch, and which. */
    private static Map<Integer, String> images(Prompt prompt, int from, int to) {
        Map<Integer, String> images = new HashMap<>();
        for (ImageSpan span : prompt.images()) {
            if (span.end() > from && span.start() < to) {
                images.put(span.start(), span.image().key());
            }
        }
        return images;
    }
}
