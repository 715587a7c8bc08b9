package io.sightmill.flink;

import io.sightmill.engine.EngineCounters;
import io.sightmill.engine.Lane;
import io.sightmill.engine.SequenceResult;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Reason;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What an operator tells Flink's metric system. Updated by the mailbox thread. */
final class OperatorMetrics {

    private final LongSupplier nanoTime;
    private final LatencyMetrics latencies;
    private final Map<FinishReason, Counter> successes = new EnumMap<>(FinishReason.class);
    private final Counter answers;
    private final Counter lateAnswers;
    private final Counter embeddings;
    private final Counter generatedTokens;
    private final Counter resumedTokens;
    private final Counter promptTokens;
    private final Counter cachedTokens;
    private final Map<Reason, Counter> rejections = new EnumMap<>(Reason.class);

    /**
     * @param engine the engine's counters; both lanes that share it show the same ones
     * @param kvTokens the engine's budget
     * @param lane whose operator this is
     */
    OperatorMetrics(
            MetricGroup group,
            InFlightRequests requests,
            Supplier<EngineCounters> engine,
            int kvTokens,
            Lane lane,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        EngineMetrics.register(group.addGroup("engine"), engine, kvTokens);
        EngineMetrics.registerLane(group, engine, lane);
        latencies = new LatencyMetrics(group);
        for (FinishReason reason : FinishReason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT);
            successes.put(
                    reason, group.addGroup("finished_reason", name).counter("request_success"));
        }
        group.gauge("requestsInFlight", requests::size);
        group.gauge("requestsWaiting", requests::waiting);
        group.gauge("bytesInFlight", requests::bytes);
        answers = group.counter("answers");
        lateAnswers = group.counter("lateAnswers");
        embeddings = group.counter("embeddings");
        generatedTokens = group.counter("generation_tokens");
        promptTokens = group.counter("prompt_tokens");
        group.gauge("prefix_cache_queries", promptTokens::getCount);
        cachedTokens = group.counter("prefix_cache_hits");
        resumedTokens = group.counter("resumedTokens");
        for (Reason reason : Reason.values()) {
            rejections.put(reason, group.addGroup("reason", reason.name()).counter("rejections"));
        }
    }

    void answered(FinishReason reason) {
        answers.inc();
        successes.get(reason).inc();
        if (reason == FinishReason.LATE) {
            lateAnswers.inc();
        }
    }

    /** A task goes to the engine. */
    void submitted(TaskProgress task) {
        task.timeFrom(nanoTime.getAsLong());
    }

    /** A task ended in the engine. */
    void ended(SequenceResult result) {
        latencies.ended(result.timings());
        promptTokens.inc(result.request().task().prompt().length());
        cachedTokens.inc(result.cachedTokens());
    }

    void embedded() {
        embeddings.inc();
    }

    void rejected(Reason reason) {
        rejections.get(reason).inc();
    }

    /** The next token of a task came; it is not in the task yet. */
    void generated(TaskProgress task) {
        generatedTokens.inc();
        long now = nanoTime.getAsLong();
        long taken = now - task.timedFrom();
        if (!task.hasTokens()) {
            latencies.firstToken(taken);
        } else if (!task.isResuming()) {
            latencies.nextToken(taken);
        }
        task.timeFrom(now);
    }

    /** Tokens taken over from a checkpoint instead of being generated again. */
    void resumed(int tokens) {
        resumedTokens.inc(tokens);
    }

    long answers() {
        return answers.getCount();
    }

    long generatedTokens() {
        return generatedTokens.getCount();
    }

    long resumedTokens() {
        return resumedTokens.getCount();
    }

    long rejections(Reason reason) {
        return rejections.get(reason).getCount();
    }
}
