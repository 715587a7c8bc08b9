package io.sightmill.llava;

import io.sightmill.engine.EngineListener;
import io.sightmill.engine.EngineOptions;
import io.sightmill.engine.GenerationEngine;
import io.sightmill.engine.ModelDescription;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.SequenceId;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.TokenDecoder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleConsumer;

/**
 * The real engine on the real model under one load, without images or prefixes left over from
 * another. No token ends an answer: each is as long as it was asked for. Used once, by one thread.
 */
final class LoadRun implements EngineListener, AutoCloseable {

    private final LlavaRunner model;
    private final MeteredRunner runner;
    private final GenerationEngine engine;
    private final DoubleConsumer progress;
    private final Map<SequenceId, Long> lastHeard = new HashMap<>();
    private final Set<SequenceId> begun = new java.util.HashSet<>();
    private final List<Double> firstTokens = new ArrayList<>();
    private final List<Double> nextTokens = new ArrayList<>();
    private int total;
    private int ended;

    /**
     * @param network stays the caller's
     * @param progress hears what share of the answers has ended
     */
    LoadRun(
            LlavaNetwork network,
            TokenDecoder decoder,
            EngineOptions options,
            DoubleConsumer progress) {
        this.model = new LlavaRunner(network);
        this.runner = new MeteredRunner(model);
        this.progress = progress;
        ModelDescription description =
                new ModelDescription("", "", network.config().text().contextTokens(), Set.of());
        this.engine =
                new GenerationEngine(
                        runner,
                        description,
                        decoder,
                        options,
                        this,
                        System::nanoTime,
                        InstantSource.system());
    }

    /** All at once. */
    LoadResult continuously(List<SequenceRequest> requests) {
        return inBatches(requests, requests.size());
    }

    /** A batch is submitted when the one before has ended wholly. */
    LoadResult inBatches(List<SequenceRequest> requests, int size) {
        total = requests.size();
        long begin = System.nanoTime();
        for (int from = 0; from < total; from += size) {
            for (SequenceRequest request : requests.subList(from, Math.min(total, from + size))) {
                submit(request, System.nanoTime());
            }
            while (engine.hasWork()) {
                engine.step();
            }
        }
        return result(begin);
    }

    /**
     * Each at its own time, whatever the engine is at.
     *
     * @param seconds from the beginning, in order, one a request
     */
    LoadResult atTimes(List<SequenceRequest> requests, double[] seconds) {
        total = requests.size();
        long begin = System.nanoTime();
        int next = 0;
        while (next < total || engine.hasWork()) {
            while (next < total && due(begin, seconds[next]) <= System.nanoTime()) {
                submit(requests.get(next), due(begin, seconds[next]));
                next++;
            }
            if (engine.hasWork()) {
                engine.step();
            } else if (next < total) {
                LockSupport.parkNanos(due(begin, seconds[next]) - System.nanoTime());
            }
        }
        return result(begin);
    }

    /**
     * What the engine itself takes of steps that decode for all sequences of a load and do nothing
     * else: everything outside {@link io.sightmill.engine.ModelRunner#run}.
     */
    OwnWork ownWork(List<SequenceRequest> requests) {
        total = requests.size();
        requests.forEach(request -> submit(request, System.nanoTime()));
        List<Long> steps = new ArrayList<>();
        List<Long> own = new ArrayList<>();
        while (engine.hasWork()) {
            long ranBefore = runner.runNanos();
            long began = System.nanoTime();
            engine.step();
            long step = System.nanoTime() - began;
            if (runner.decodedOnly(total)) {
                steps.add(step);
                own.add(step - (runner.runNanos() - ranBefore));
            }
        }
        return new OwnWork(Timings.ofNanos(steps), Timings.ofNanos(own));
    }

    /**
     * Of steps of one kind.
     *
     * @param step whole steps
     * @param outsideModel what of them was not spent in the model's runner
     */
    record OwnWork(Timings step, Timings outsideModel) {}

    private static long due(long begin, double seconds) {
        return begin + (long) (seconds * 1e9);
    }

    private void submit(SequenceRequest request, long due) {
        lastHeard.put(request.id(), due);
        engine.submit(request);
    }

    private LoadResult result(long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new LoadResult(
                ended,
                seconds,
                runner.decodedTokens(),
                runner.decodeSeconds(),
                firstTokens,
                nextTokens);
    }

    @Override
    public void onToken(SequenceId id, int tokenId) {
        long now = System.nanoTime();
        double waited = (now - lastHeard.put(id, now)) / 1e9;
        (begun.add(id) ? firstTokens : nextTokens).add(waited);
    }

    @Override
    public void onFinished(SequenceResult result) {
        progress.accept((double) ++ended / total);
    }

    /** A measurement with a failed answer in it would be of something else. */
    @Override
    public void onFailed(SequenceRequest request, RequestRejectedException failure) {
        throw new IllegalStateException("request " + request.id() + " failed", failure);
    }

    @Override
    public void close() {
        engine.close();
        model.close();
    }
}
