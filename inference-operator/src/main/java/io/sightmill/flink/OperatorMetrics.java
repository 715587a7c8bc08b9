package io.sightmill.flink;

import io.sightmill.engine.EngineCounters;
import io.sightmill.schema.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What an operator tells Flink's metric system. Updated by the mailbox thread. */
final class OperatorMetrics {

    private final Counter answers;
    private final Counter lateAnswers;
    private final Counter embeddings;
    private final Counter generatedTokens;
    private final Counter resumedTokens;
    private final Map<Reason, Counter> rejections = new EnumMap<>(Reason.class);

    /**
     * @param engine the engine's counters; both lanes that share it show the same ones
     */
    OperatorMetrics(MetricGroup group, InFlightRequests requests, Supplier<EngineCounters> engine) {
        MetricGroup shared = group.addGroup("engine");
        shared.gauge("running", () -> engine.get().running());
        shared.gauge("kvTokensUsed", () -> engine.get().kvTokensUsed());
        shared.gauge("preemptions", () -> engine.get().preemptions());
        shared.gauge("cachedTokens", () -> engine.get().cachedTokens());
        shared.gauge("imageHits", () -> engine.get().images().hits());
        shared.gauge("imageMisses", () -> engine.get().images().misses());
        shared.gauge("imageCacheBytes", () -> engine.get().images().bytes());
        group.gauge("requestsInFlight", requests::size);
        group.gauge("requestsWaiting", requests::waiting);
        group.gauge("bytesInFlight", requests::bytes);
        answers = group.counter("answers");
        lateAnswers = group.counter("lateAnswers");
        embeddings = group.counter("embeddings");
        generatedTokens = group.counter("generatedTokens");
        resumedTokens = group.counter("resumedTokens");
        for (Reason reason : Reason.values()) {
            rejections.put(reason, group.addGroup("reason", reason.name()).counter("rejections"));
        }
    }

    void answered(boolean late) {
        answers.inc();
        if (late) {
            lateAnswers.inc();
        }
    }

    void embedded() {
        embeddings.inc();
    }

    void rejected(Reason reason) {
        rejections.get(reason).inc();
    }

    void generated() {
        generatedTokens.inc();
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
