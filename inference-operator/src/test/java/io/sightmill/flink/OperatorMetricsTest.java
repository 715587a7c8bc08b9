package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.engine.EngineCounters;
import io.sightmill.engine.GenerationOptions;
import io.sightmill.engine.ImageCounters;
import io.sightmill.engine.Lane;
import io.sightmill.engine.PreparedTask;
import io.sightmill.engine.Prompt;
import io.sightmill.engine.SequenceRequest;
import io.sightmill.engine.SequenceResult;
import io.sightmill.engine.SequenceTimings;
import io.sightmill.engine.TaskKind;
import io.sightmill.schema.FinishReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {

    private static final EngineCounters COUNTERS =
            new EngineCounters(
                    1,
                    2,
                    4,
                    5,
                    250,
                    6,
                    700,
                    8,
                    300,
                    10,
                    11,
                    12,
                    13,
                    14,
                    15,
                    16,
                    new ImageCounters(17, 18, 19));

    private final Map<String, Metric> metrics = new HashMap<>();
    private final AtomicLong clock = new AtomicLong();
    private final OperatorMetrics operator =
            new OperatorMetrics(
                    new Group(metrics, ""),
                    new InFlightRequests(1, 1),
                    () -> COUNTERS,
                    1_000,
                    Lane.BULK,
                    clock::get);

    /** Keeps what is registered, by group and name. */
    private static final class Group extends UnregisteredMetricsGroup {

        private final Map<String, Metric> metrics;
        private final String prefix;

        private Group(Map<String, Metric> metrics, String prefix) {
            this.metrics = metrics;
            this.prefix = prefix;
        }

        @Override
        public Counter counter(String name) {
            return keep(name, super.counter(name));
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            return keep(name, gauge);
        }

        @Override
        public <H extends Histogram> H histogram(String name, H histogram) {
            return keep(name, histogram);
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Group(metrics, prefix + name + ".");
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Group(metrics, prefix + key + "." + value + ".");
        }

        private <M extends Metric> M keep(String name, M metric) {
            assertThat(metrics.put(prefix + name, metric)).as(name).isNull();
            return metric;
        }
    }

    @Test
    void theEnginesCountersHaveTheNamesThatUsersOfOtherEnginesKnow() {
        assertThat(gauge("engine.num_requests_running")).isEqualTo(3L);
        assertThat(gauge("engine.num_requests_waiting")).isEqualTo(9L);
        assertThat(gauge("engine.kv_cache_usage_perc")).isEqualTo(0.25);
        assertThat(gauge("engine.prompt_tokens")).isEqualTo(700L);
        assertThat(gauge("engine.generation_tokens")).isEqualTo(10L);
        assertThat(gauge("engine.prefix_cache_queries")).isEqualTo(1_000L);
        assertThat(gauge("engine.prefix_cache_hits")).isEqualTo(300L);
        assertThat(gauge("engine.num_preemptions")).isEqualTo(15L);
        assertThat(gauge("engine.mm_cache_queries")).isEqualTo(35L);
        assertThat(gauge("engine.mm_cache_hits")).isEqualTo(17L);
        assertThat(gauge("num_requests_running")).isEqualTo(2L);
        assertThat(gauge("num_requests_waiting")).isEqualTo(5L);
        assertThat(gauge("engine.replayedTokens")).isEqualTo(11L);
        assertThat(gauge("engine.imageCacheBytes")).isEqualTo(19L);
    }

    @Test
    void theFirstTokenIsTimedFromItsSubmissionAndTheNextFromTheLast() {
        TaskProgress task = new TaskProgress();
        operator.submitted(task);
        tokenAfter(Duration.ofMillis(300), task);
        tokenAfter(Duration.ofMillis(20), task);
        tokenAfter(Duration.ofMillis(40), task);

        assertTimes("time_to_first_token_microseconds", 1, 300_000);
        assertTimes("inter_token_latency_microseconds", 2, 30_000);
        assertThat(operator.generatedTokens()).isEqualTo(3);
    }

    @Test
    void whatATaskBringsFromACheckpointIsNotTimed() {
        TaskProgress task = new TaskProgress(new int[] {1, 2}, null);
        operator.submitted(task);
        tokenAfter(Duration.ofMillis(300), task);
        tokenAfter(Duration.ofMillis(20), task);

        assertThat(histogram("time_to_first_token_microseconds").getCount()).isZero();
        assertTimes("inter_token_latency_microseconds", 1, 20_000);
    }

    @Test
    void whereTheTimeOfATaskWentIsTold() {
        operator.ended(
                result(
                        new SequenceTimings(
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                Duration.ofMillis(3),
                                Duration.ofMillis(4))));

        assertTimes("request_queue_time_microseconds", 1, 1_000);
        assertTimes("request_prefill_time_microseconds", 1, 3_000);
        assertTimes("request_decode_time_microseconds", 1, 4_000);
        assertThat(counter("prompt_tokens")).isEqualTo(5);
        assertThat(gauge("prefix_cache_queries")).isEqualTo(5L);
        assertThat(counter("prefix_cache_hits")).isEqualTo(2);
    }

    /** Of a prompt of five tokens, two of them copied. */
    private static SequenceResult result(SequenceTimings timings) {
        PreparedTask task =
                new PreparedTask(
                        "t",
                        TaskKind.GENERATE,
                        new Prompt(new int[] {1, 2, 3, 4, 5}, List.of()),
                        List.of(),
                        GenerationOptions.greedy(1));
        SequenceRequest request =
                new SequenceRequest("r", "", Lane.BULK, task, Optional.empty(), new int[0]);
        return new SequenceResult(
                request,
                new int[] {7},
                "x",
                List.of(),
                new double[0],
                List.of(),
                io.sightmill.engine.FinishReason.LENGTH,
                2,
                timings);
    }

    @Test
    void answersAreCountedByWhyTheyEnded() {
        operator.answered(FinishReason.STOP);
        operator.answered(FinishReason.LATE);
        operator.answered(FinishReason.LATE);

        assertThat(counter("finished_reason.stop.request_success")).isEqualTo(1);
        assertThat(counter("finished_reason.late.request_success")).isEqualTo(2);
        assertThat(counter("lateAnswers")).isEqualTo(2);
        assertThat(counter("answers")).isEqualTo(3);
    }

    private void tokenAfter(Duration time, TaskProgress task) {
        clock.addAndGet(time.toNanos());
        operator.generated(task);
        task.append(7);
    }

    private void assertTimes(String name, long count, double mean) {
        assertThat(histogram(name).getCount()).isEqualTo(count);
        assertThat(histogram(name).getStatistics().getMean()).isEqualTo(mean);
    }

    private Object gauge(String name) {
        return ((Gauge<?>) metrics.get(name)).getValue();
    }

    private Histogram histogram(String name) {
        return (Histogram) metrics.get(name);
    }

    private long counter(String name) {
        return ((Counter) metrics.get(name)).getCount();
    }
}
