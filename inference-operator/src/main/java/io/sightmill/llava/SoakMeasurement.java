package io.sightmill.llava;

import io.sightmill.engine.Device;
import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.ModelLoadException;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs many requests of every kind through one engine and looks at the memory of the process from
 * time to time: a leak of a single tensor a request shows. Some requests are cancelled, late or
 * fail, and new images keep coming. Used by one thread.
 */
public final class SoakMeasurement {

    /** Of the requests, before memory has to stay as it is: caches fill, code compiles. */
    public static final double WARM_UP = 0.1;

    private static final int POINTS = 20;
    private static final int MOST = 10_000_000;
    private static final EngineOptions OPTIONS =
            new EngineOptions(16, 16_384, 512, EngineMixture.CHUNK_TOKENS, 0.1, 1 << 20);
    private static final int MOST_WAITING = 16;

    private final Path model;
    private final Precision precision;
    private final int requests;
    private final long seed;
    private final Random random;
    private Instant now = Instant.EPOCH;

    /** Loads nothing yet. */
    public SoakMeasurement(Path model, Precision precision, int requests, long seed) {
        Bound.require("requests", requests, POINTS, MOST);
        this.model = model;
        this.precision = precision;
        this.requests = requests;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /**
     * Loads the model and runs.
     *
     * @param listener hears of each point as it is taken, at every twentieth of the requests
     * @return all points; the last one is taken when the engine is closed
     * @throws ModelLoadException if the checkpoint is broken
     */
    public List<SoakPoint> run(Consumer<SoakPoint> listener) {
        try (Tokenizer tokenizer = Tokenizer.load(model);
                LlavaNetwork network = LlavaNetwork.open(model, precision, Device.cpu())) {
            VerificationRequests drawn = new VerificationRequests(network.config(), seed);
            List<SoakPoint> points = new ArrayList<>();
            long begin = System.nanoTime();
            try (LlavaRunner runner = new LlavaRunner(network);
                    GenerationEngine engine =
                            EngineMixture.engine(
                                    runner,
                                    network,
                                    tokenizer,
                                    OPTIONS,
                                    new Forgetful(),
                                    () -> now)) {
                for (int point = 1; point <= POINTS; point++) {
                    int from = (int) ((point - 1L) * requests / POINTS);
                    int to = (int) ((long) point * requests / POINTS);
                    run(engine, drawn, from, to);
                    points.add(point(to, begin, network));
                    listener.accept(points.get(points.size() - 1));
                }
            }
            points.add(point(requests, begin, network));
            return points;
        }
    }

    /** Runs the requests of these numbers to their end. */
    private void run(GenerationEngine engine, VerificationRequests drawn, int from, int to) {
        int next = from;
        while (next < to || engine.hasWork()) {
            while (next < to && engine.counters().waiting() < MOST_WAITING) {
                submit(engine, drawn, next++);
            }
            engine.step();
            now = now.plusMillis(1);
            if (random.nextInt(50) == 0) {
                engine.cancel("r" + (next - 1 - random.nextInt(MOST_WAITING)));
            }
        }
    }

    private void submit(GenerationEngine engine, VerificationRequests drawn, int number) {
        String requestId = "r" + number;
        if (random.nextInt(50) == 0) {
            engine.submit(drawn.failing(requestId));
            return;
        }
        if (random.nextInt(4) == 0) {
            drawn.renewImage();
        }
        boolean hurries = random.nextInt(50) == 0;
        for (SequenceRequest request : drawn.record(requestId)) {
            engine.submit(hurries ? request.withDeadline(now.plusMillis(20)) : request);
        }
    }

    private static SoakPoint point(int ended, long begin, LlavaNetwork network) {
        return new SoakPoint(
                ended,
                Duration.ofNanos(System.nanoTime() - begin),
                ProcessMemory.now().map(ProcessMemory::anonymousBytes).orElse(0L),
                NativeHeap.bytes().orElse(0),
                network.openTensors());
    }

    /**
     * How much more memory the process ever had after the warm-up than at its end, as a share: 0.05
     * is five percent more.
     */
    public static double growth(List<SoakPoint> points) {
        int most = points.get(points.size() - 1).requests();
        SoakPoint warm =
                points.stream()
                        .filter(point -> point.requests() >= WARM_UP * most)
                        .findFirst()
                        .orElseThrow();
        long highest =
                points.stream()
                        .filter(point -> point.requests() >= warm.requests())
                        .mapToLong(SoakPoint::anonymousBytes)
                        .max()
                        .orElseThrow();
        return warm.anonymousBytes() == 0 ? 0 : (double) highest / warm.anonymousBytes() - 1;
    }

    /** Results that are kept would be what grows. */
    private static final class Forgetful implements EngineListener {

        @Override
        public void onToken(SequenceId id, int tokenId) {}

        @Override
        public void onFinished(SequenceResult result) {}

        @Override
        public void onFailed(SequenceRequest request, RequestRejectedException failure) {}
    }
}
