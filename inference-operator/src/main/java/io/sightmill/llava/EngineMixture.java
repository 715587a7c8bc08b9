package io.sightmill.llava;

import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.Lane;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.ModelRunner;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.TokenDecoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Runs requests in one random mixture: an engine with bounds drawn at random, requests that arrive
 * in random order, lanes, tenants and moments among others that are cancelled, late or fail, and
 * now and then everything in flight goes on in another engine with other bounds. Used once, by one
 * thread.
 */
final class EngineMixture {

    /** The one bound that results depend on, small so that prompts are cut often. */
    static final int CHUNK_TOKENS = 16;

    private static final int MOST_SEQUENCES = 24;
    private static final int MOST_STEP_TOKENS = 200;
    private static final long MOST_CACHED_BYTES = 64 << 10;
    private static final List<String> TENANTS = List.of("", "one", "two");

    private final LlavaNetwork network;
    private final TokenDecoder decoder;
    private final VerificationRequests others;
    private final Random random;
    private final CollectedResults results = new CollectedResults();
    private final Deque<List<SequenceRequest>> arriving = new ArrayDeque<>();
    private final int mostKvTokens;
    private MixtureEvents events = MixtureEvents.NONE;
    private LlavaRunner runner;
    private GenerationEngine engine;
    private Instant now = Instant.EPOCH;
    private int mostRunning;
    private int latecomers;
    private int otherCount;

    /**
     * @param network stays the caller's
     * @param others where batch mates that are not compared come from
     */
    EngineMixture(
            LlavaNetwork network,
            TokenDecoder decoder,
            List<List<SequenceRequest>> records,
            VerificationRequests others,
            long seed) {
        this.network = network;
        this.decoder = decoder;
        this.others = others;
        this.random = new Random(seed);
        this.mostKvTokens =
                records.stream()
                        .flatMap(List::stream)
                        .mapToInt(request -> KvPool.wholePages(request.task().mostKvTokens()))
                        .max()
                        .orElseThrow();
        List<List<SequenceRequest>> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, random);
        shuffled.forEach(record -> arriving.add(dressed(record)));
    }

    /** What the sequences gave, those of the others included. */
    CollectedResults run() {
        open();
        try {
            while (!arriving.isEmpty() || engine.hasWork()) {
                if (!engine.hasWork() || random.nextInt(4) == 0) {
                    arrive(1 + random.nextInt(6));
                }
                disturb();
                step();
                mostRunning = Math.max(mostRunning, engine.counters().running());
                now = now.plusMillis(1);
            }
            return results;
        } finally {
            close(false);
        }
    }

    /** Half of the steps let others in while they run. */
    private void step() {
        if (random.nextBoolean()) {
            engine.step();
        } else {
            engine.step(this::arriveLate);
        }
    }

    private void arriveLate() {
        if (!arriving.isEmpty() && random.nextInt(3) == 0) {
            int before = arriving.size();
            arrive(1 + random.nextInt(6));
            latecomers += before - arriving.size();
        }
    }

    MixtureEvents events() {
        return events;
    }

    /** An engine whose answers end as the model's do. */
    static GenerationEngine engine(
            ModelRunner runner,
            LlavaNetwork network,
            TokenDecoder decoder,
            EngineOptions options,
            EngineListener listener,
            InstantSource clock) {
        ModelDescription description =
                new ModelDescription(
                        "",
                        "",
                        network.config().text().contextTokens(),
                        Set.copyOf(network.config().eosTokenIds()));
        return new GenerationEngine(
                runner, description, decoder, options, listener, System::nanoTime, clock);
    }

    /** The same requests of a lane and a tenant. */
    private List<SequenceRequest> dressed(List<SequenceRequest> record) {
        Lane lane = random.nextBoolean() ? Lane.LIVE : Lane.BULK;
        String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        return record.stream()
                .map(
                        request ->
                                new SequenceRequest(
                                        request.requestId(),
                                        tenant,
                                        lane,
                                        request.task(),
                                        request.deadline(),
                                        request.tokensSoFar()))
                .toList();
    }

    private void arrive(int records) {
        for (int i = 0; i < records && !arriving.isEmpty(); i++) {
            arriving.remove().forEach(engine::submit);
        }
    }

    private void disturb() {
        switch (random.nextInt(40)) {
            case 0, 1 -> submitOther();
            case 2 -> engine.cancel("other" + random.nextInt(otherCount + 1));
            case 3 -> restore();
            default -> {}
        }
    }

    private void submitOther() {
        String requestId = "other" + otherCount++;
        switch (random.nextInt(4)) {
            case 0 -> engine.submit(others.failing(requestId));
            case 1 -> {
                Instant soon = now.plusMillis(random.nextInt(30));
                dressed(others.record(requestId))
                        .forEach(request -> engine.submit(request.withDeadline(soon)));
            }
            default -> dressed(others.record(requestId)).forEach(engine::submit);
        }
    }

    private void restore() {
        List<SequenceRequest> inFlight = engine.snapshot();
        close(true);
        open();
        inFlight.forEach(engine::submit);
    }

    private void open() {
        runner = new LlavaRunner(network);
        engine = engine(runner, network, decoder, options(), results, () -> now);
        mostRunning = 0;
        latecomers = 0;
    }

    private void close(boolean goesOnElsewhere) {
        events = events.and(engine.counters(), mostRunning, latecomers, goesOnElsewhere);
        engine.close();
        runner.close();
    }

    private EngineOptions options() {
        int sequences = 1 + random.nextInt(MOST_SEQUENCES);
        return new EngineOptions(
                sequences,
                mostKvTokens + random.nextInt(8 * mostKvTokens),
                sequences + random.nextInt(MOST_STEP_TOKENS),
                CHUNK_TOKENS,
                0.05 + 0.6 * random.nextDouble(),
                random.nextInt(3) * MOST_CACHED_BYTES);
    }
}
