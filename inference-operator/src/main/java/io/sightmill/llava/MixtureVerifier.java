package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.SequenceRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * Proves that what a request gives does not depend on what it runs with: runs requests alone, then
 * all of them in random mixtures, and compares every token, label score, vector and log-probability
 * bit for bit. Used by one thread.
 */
public final class MixtureVerifier {

    private static final int MOST = 1_000_000;

    private final Path model;
    private final int requests;
    private final int mixtures;
    private final long seed;

    /**
     * Loads nothing yet.
     *
     * @param requests how many are drawn, of one task or several
     * @param mixtures how often all of them are run together
     * @param seed of both
     */
    public MixtureVerifier(Path model, int requests, int mixtures, long seed) {
        Bound.require("requests", requests, 1, MOST);
        Bound.require("mixtures", mixtures, 1, MOST);
        this.model = model;
        this.requests = requests;
        this.mixtures = mixtures;
        this.seed = seed;
    }

    /**
     * Loads the model in one precision and runs.
     *
     * @param progress hears what share is done
     * @throws ModelLoadException if the checkpoint is broken
     */
    public MixtureReport verify(Precision precision, Device device, DoubleConsumer progress) {
        try (Tokenizer tokenizer = Tokenizer.load(model);
                LlavaNetwork network = LlavaNetwork.open(model, precision, device)) {
            return verify(network, tokenizer, precision, progress);
        }
    }

    private MixtureReport verify(
            LlavaNetwork network,
            Tokenizer tokenizer,
            Precision precision,
            DoubleConsumer progress) {
        VerificationRequests drawn = new VerificationRequests(network.config(), seed);
        List<List<SequenceRequest>> records = new ArrayList<>();
        for (int request = 0; request < requests; request++) {
            records.add(drawn.record("r" + request));
        }
        List<SequenceRequest> all = records.stream().flatMap(List::stream).toList();
        CollectedResults alone = new CollectedResults();
        all.forEach(request -> alone.addAll(alone(network, tokenizer, request)));
        MixtureEvents events = MixtureEvents.NONE;
        List<String> differences = new ArrayList<>();
        long unequal = 0;
        for (int number = 0; number < mixtures; number++) {
            EngineMixture mixture =
                    new EngineMixture(
                            network, tokenizer, records, drawn, seed * 1_000_003 + number);
            CollectedResults together = mixture.run();
            events = events.and(mixture.events());
            for (SequenceRequest request : all) {
                Optional<String> difference = together.difference(alone, request.id());
                unequal += difference.isPresent() ? 1 : 0;
                if (difference.isPresent() && differences.size() < MixtureReport.MOST_DIFFERENCES) {
                    differences.add(
                            "mixture %d, %s/%s: %s"
                                    .formatted(
                                            number,
                                            request.requestId(),
                                            request.task().taskId(),
                                            difference.get()));
                }
            }
            progress.accept((number + 1.0) / mixtures);
        }
        return new MixtureReport(
                precision, requests, all.size(), mixtures, events, differences, unequal);
    }

    /** In an engine that never sees another one. */
    private static CollectedResults alone(
            LlavaNetwork network, Tokenizer tokenizer, SequenceRequest request) {
        CollectedResults results = new CollectedResults();
        int positions = Math.max(1, KvPool.wholePages(request.task().mostKvTokens()));
        EngineOptions options =
                new EngineOptions(1, positions, positions, EngineMixture.CHUNK_TOKENS);
        try (LlavaRunner runner = new LlavaRunner(network);
                GenerationEngine engine =
                        EngineMixture.engine(
                                runner,
                                network,
                                tokenizer,
                                options,
                                results,
                                InstantSource.system())) {
            engine.submit(request);
            while (engine.hasWork()) {
                engine.step();
            }
        }
        return results;
    }
}
