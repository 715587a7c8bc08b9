package io.sightmill.flink;

import io.sightmill.engine.EngineCounters;
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
        Gauge<Double> usage = () -> (double) engine.get().kvTokensUsed() / kvTokens;
        group.gauge("kv_cache_usage_perc", usage);
        metrics.addOwn();
    }

    /** What has no counterpart there. */
    private void addOwn() {
        add("kvTokensUsed", EngineCounters::kvTokensUsed);
        add("steps", EngineCounters::steps);
        add("replayedTokens", EngineCounters::replayedTokens);
        add("imageHits", counters -> counters.images().hits());
        add("imageMisses", counters -> counters.images().misses());
        add("imageCacheBytes", counters -> counters.images().bytes());
    }

    private void add(String name, ToLongFunction<EngineCounters> value) {
        Gauge<Long> gauge = () -> value.applyAsLong(engine.get());
        group.gauge(name, gauge);
    }
}
