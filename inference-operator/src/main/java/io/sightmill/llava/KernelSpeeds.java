package io.sightmill.llava;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long the model's stages take without an engine around them. Used by one thread. */
final class KernelSpeeds {

    private static final int REPETITIONS = 100;

    private final LlavaNetwork network;
    private final RandomPrompts prompts;
    private final int tiles;

    KernelSpeeds(LlavaNetwork network, long seed) {
        this.network = network;
        this.prompts = new RandomPrompts(network.config(), seed);
        this.tiles = prompts.image().grid().tiles();
    }

    /** How many tiles an image has. */
    int tiles() {
        return tiles;
    }

    /** One tile through the vision tower. */
    Timings encode(Duration time) {
        float[] pixels = prompts.image().tile(0);
        return Timings.repeat(
                time,
                REPETITIONS,
                () -> {
                    try (NDManager step = network.newScope()) {
                        await(network.encoder().encode(pixels, step));
                    }
                });
    }

    /** One tile's hidden states through the projector. */
    Timings project(Duration time) {
        float[] pixels = prompts.image().tile(0);
        try (NDManager scope = network.newScope()) {
            PtNDArray hidden = network.encoder().encode(pixels, scope);
            return Timings.repeat(
                    time,
                    REPETITIONS,
                    () -> {
                        try (NDManager step = network.newScope()) {
                            await(network.projector().project(hidden, step));
                        }
                    });
        }
    }

    /** A device may still be at work when a call returns; it is not when its numbers are here. */
    private void await(PtNDArray rows) {
        network.projector().mean(rows);
    }

    /** A prompt in one stretch, up to the logits of its last position. */
    Timings prefill(int tokens, Duration time) {
        int[] ids = prompts.ids(tokens);
        return Timings.repeat(
                time,
                REPETITIONS,
                () -> {
                    try (KvPool pool = network.language().newPool();
                            KvCache cache = pool.newCache(tokens)) {
                        prefill(ids, cache);
                    }
                });
    }

    /**
     * A prompt in chunks, in turns with the same in one stretch.
     *
     * @param chunk tokens of each but the last
     */
    Timings.Pair prefillInChunks(int tokens, int chunk, Duration time) {
        int[] ids = prompts.ids(tokens);
        try (KvPool pool = network.language().newPool();
                KvCache cache = pool.newCache(tokens)) {
            return Timings.alternate(
                    time,
                    REPETITIONS,
                    () -> prefill(ids, cache, chunk),
                    () -> prefill(ids, cache, tokens));
        }
    }

    /**
     * Decode steps of batches of several sizes, in turns with reads of memory. The largest first:
     * whoever is first pays for what is touched for the first time, and there it is hardly seen.
     *
     * @param positions of keys and values of each sequence, the step's own included
     * @param time for all of them
     * @return by size of the batch, of a step and of a read beside it
     */
    Map<Integer, Timings.Pair> decode(
            List<Integer> batches, int positions, MemoryRead read, Duration time) {
        LanguageModel language = network.language();
        Duration slice = time.dividedBy(batches.size());
        int most = batches.stream().mapToInt(Integer::intValue).max().orElseThrow();
        List<KvCache> caches = new ArrayList<>();
        try (KvPool pool = language.newPool()) {
            for (int i = 0; i < most; i++) {
                caches.add(pool.newCache(positions));
                if (i == 0) {
                    prefill(prompts.ids(positions - 1), caches.get(0));
                } else {
                    language.copyPrefix(caches.get(0), caches.get(i), positions - 1);
                }
            }
            Map<Integer, Timings.Pair> timings = new TreeMap<>();
            for (int batch : batches.stream().sorted(Comparator.reverseOrder()).toList()) {
                List<KvCache> used = caches.subList(0, batch);
                timings.put(batch, decodeAlike(used, positions - 1, read, slice));
            }
            return timings;
        }
    }

    private Timings.Pair decodeAlike(
            List<KvCache> caches, int position, MemoryRead read, Duration time) {
        int[] ids = prompts.ids(caches.size());
        int[] positions = new int[caches.size()];
        Arrays.fill(positions, position);
        return Timings.alternate(
                time,
                REPETITIONS,
                () -> {
                    try (NDManager step = network.newScope()) {
                        network.language().decode(ids, positions, caches, step);
                    }
                },
                read);
    }

    private void prefill(int[] ids, KvCache cache) {
        prefill(ids, cache, ids.length);
    }

    private void prefill(int[] ids, KvCache cache, int chunk) {
        LanguageModel language = network.language();
        for (int begin = 0; begin < ids.length; begin += chunk) {
            int[] part = Arrays.copyOfRange(ids, begin, Math.min(ids.length, begin + chunk));
            try (NDManager step = network.newScope();
                    PtNDArray hidden =
                            language.prefill(language.embed(part, step), cache, begin, step)) {
                language.logits(hidden, part.length - 1, step);
            }
        }
    }
}
