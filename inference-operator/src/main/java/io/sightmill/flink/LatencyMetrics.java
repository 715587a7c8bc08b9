package io.sightmill.flink;

import io.sightmill.engine.SequenceTimings;
import java.time.Duration;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * How long this lane's answers take, over the last {@value #WINDOW} of each kind. Flink's
 * histograms hold whole numbers, so where vLLM has seconds these are microseconds, and the names
 * say so. Updated by the mailbox thread.
 */
final class LatencyMetrics {

    private static final int WINDOW = 2_000;

    private final Histogram timeToFirstToken;
    private final Histogram interTokenLatency;
    private final Histogram queue;
    private final Histogram prefill;
    private final Histogram decode;

    LatencyMetrics(MetricGroup group) {
        timeToFirstToken = histogram(group, "time_to_first_token_microseconds");
        interTokenLatency = histogram(group, "inter_token_latency_microseconds");
        queue = histogram(group, "request_queue_time_microseconds");
        prefill = histogram(group, "request_prefill_time_microseconds");
        decode = histogram(group, "request_decode_time_microseconds");
    }

    private static Histogram histogram(MetricGroup group, String name) {
        return group.histogram(name, new DescriptiveStatisticsHistogram(WINDOW));
    }

    /** An answer's first token came this long after its task went to the engine. */
    void firstToken(long nanos) {
        timeToFirstToken.update(nanos / 1_000);
    }

    /** A token came this long after the one before. */
    void nextToken(long nanos) {
        interTokenLatency.update(nanos / 1_000);
    }

    /** A task ended, whatever its kind. */
    void ended(SequenceTimings timings) {
        queue.update(micros(timings.queue()));
        prefill.update(micros(timings.prefill()));
        decode.update(micros(timings.decode()));
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }
}
