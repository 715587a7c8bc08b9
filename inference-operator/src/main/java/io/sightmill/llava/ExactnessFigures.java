package io.sightmill.llava;

import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TokenDecoder;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * What it costs that a request gives the same bits whatever becomes of it: the tokens that a
 * sequence had before it gave way or was restored are decoded again instead of prefilled, and
 * chunks end where the prompt says. Used by one thread.
 */
final class ExactnessFigures {

    private static final int SEQUENCES = 16;
    private static final int KNOWN_TOKENS = 64;
    private static final int STEP_TOKENS = 1_024;
    private static final int CHUNK_TOKENS = EngineOptions.defaults().chunkTokens();

    private final LlavaNetwork network;
    private final TokenDecoder decoder;
    private final long seed;
    private final BenchmarkFigures figures;

    ExactnessFigures(
            LlavaNetwork network, TokenDecoder decoder, long seed, BenchmarkFigures figures) {
        this.network = network;
        this.decoder = decoder;
        this.seed = seed;
        this.figures = figures;
    }

    /** Sequences in flight taken up again each way, up to their next token. */
    void restore(int promptTokens, DoubleConsumer progress) {
        List<SequenceRequest> requests =
                new BenchmarkLoads(network.config(), seed)
                        .restored(SEQUENCES, promptTokens, KNOWN_TOKENS);
        EngineOptions options = options(promptTokens + KNOWN_TOKENS + 1);
        double replayed = seconds(requests, options, share -> progress.accept(share / 2));
        double prefilled =
                seconds(
                        requests,
                        options.prefillingKnownTokens(),
                        share -> progress.accept((1 + share) / 2));
        String what =
                "%d sequences of %d and %d tokens taken up again"
                        .formatted(SEQUENCES, promptTokens, KNOWN_TOKENS);
        figures.add("exactness.replay", what + ", to the same bits", replayed, "s");
        figures.add("exactness.prefill", "the same, known tokens prefilled", prefilled, "s");
        figures.add("exactness.restore", "the first to the second", replayed / prefilled, "times");
    }

    /** A prompt in chunks against the same in one stretch. */
    void chunks(int promptTokens, Duration time) {
        KernelSpeeds speeds = new KernelSpeeds(network, seed);
        Timings.Pair timings = speeds.prefillInChunks(promptTokens, CHUNK_TOKENS, time);
        figures.add(
                "exactness.chunks",
                "prefill in chunks of %d, to one stretch".formatted(CHUNK_TOKENS),
                timings.first().median() / timings.second().median(),
                "times");
    }

    private double seconds(
            List<SequenceRequest> requests, EngineOptions options, DoubleConsumer progress) {
        try (LoadRun run = new LoadRun(network, decoder, options, progress)) {
            return run.continuously(requests).seconds();
        }
    }

    private static EngineOptions options(int positions) {
        return new EngineOptions(
                SEQUENCES, SEQUENCES * KvPool.wholePages(positions), STEP_TOKENS, CHUNK_TOKENS);
    }
}
