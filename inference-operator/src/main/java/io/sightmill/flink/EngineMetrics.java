package io.sightmill.flink;

import io.sightmill.engine.EngineCounters;
import io.sightmill.engine.Lane;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * What the engine counts, as gauges; all lanes that share an engine show the same. Names that
 * vLLM's users know are theirs, and mean what they mean there.
 */
final class EngineMetrics {

    private final MetricGroup group;
    private final Supplier<EngineCounters> engine;

    private EngineMetrics(MetricGroup group, Supplier<EngineCounters> engine) {
        this.group = group;
        this.engine = engine;
    }

    /**
     * @param kvTokens the engine's budget
     */
    static void register(MetricGroup group, Supplier<EngineCounters> engine, int kvTokens) {
        EngineMetrics metrics = new EngineMetrics(group, engine);
        metrics.add("num_requests_running", EngineCounters::running);
        metrics.add("num_requests_waiting", EngineCounters::waiting);
        metrics.add("num_preemptions", EngineCounters::preemptions);
        metrics.add("prompt_tokens", EngineCounters::promptTokens);
        metrics.add("generation_tokens", EngineCounters::generatedTokens);
        metrics.add(
                "prefix_cache_queries",
                counters -> counters.promptTokens() + counters.cachedTokens());
        metrics.add("prefix_cache_hits", EngineCounters::cachedTokens);
        metrics.add(
                "mm_cache_queries",
                counters -> counters.images().hits() + counters.images().misses());
        metrics.add("mm_cache_hits", counters -> counters.images().hits());
        Gauge<Double> usage = () -> (double) engine.get().kvTokensUsed() / kvTokens;
        group.gauge("kv_cache_usage_perc", usage);
        metrics.addOwn();
    }

    /** What of the engine's belongs to one lane, in that lane's group. */
    static void registerLane(MetricGroup group, Supplier<EngineCounters> engine, Lane lane) {
        EngineMetrics metrics = new EngineMetrics(group, engine);
        metrics.add("num_requests_running", counters -> counters.running(lane));
        metrics.add("num_requests_waiting", counters -> counters.waiting(lane));
    }

    /** What has no counterpart there. */
    private void addOwn() {
        add("kvTokensUsed", EngineCounters::kvTokensUsed);
        add("steps", EngineCounters::steps);
        add("replayedTokens", EngineCounters::replayedTokens);
        add("imageCacheBytes", counters -> counters.images().bytes());
    }

    private void add(String name, ToLongFunction<EngineCounters> value) {
        Gauge<Long> gauge = () -> value.applyAsLong(engine.get());
        group.gauge(name, gauge);
    }
}
