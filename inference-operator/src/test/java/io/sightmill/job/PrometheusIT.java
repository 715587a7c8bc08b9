package io.sightmill.job;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.bytes;
import static io.sightmill.flink.Requests.classify;
import static io.sightmill.flink.Requests.request;
import static io.sightmill.job.JobUnderTest.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import io.sightmill.broker.FreePorts;
import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a Prometheus server that scrapes a TaskManager gets, lane by lane. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PrometheusIT {

    private static final String LIVE = "generate_live";
    private static final String BULK = "generate_bulk";
    private static final String PREFIX = "flink_taskmanager_job_task_operator_";

    /** Name, labels and value, as in the text exposition format of Prometheus. */
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)\\{([^}]*)\\} (\\S+)$");

    /** Prompt tokens of an image and of the question "why", in the scripted model. */
    private static final int PROMPT = 2 + 3;

    @TempDir private Path directory;

    private final int port = FreePorts.choose();
    private final HttpClient client = HttpClient.newHttpClient();

    /** Of its own: the job counts what is in the topics. */
    private EmbeddedBroker broker;

    private KafkaCluster kafka;
    private JobUnderTest job;
    private List<Sample> samples = List.of();

    private record Sample(String name, String labels, double value) {

        boolean isOf(String metric, String operator, String otherLabel) {
            return name.equals(PREFIX + metric)
                    && labels.contains("operator_name=\"" + operator + "\"")
                    && labels.contains(otherLabel);
        }
    }

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
        kafka = KafkaCluster.at(broker.bootstrapServers());
        Configuration settings = new Configuration();
        settings.setString(
                "metrics.reporter.prom.factory.class", PrometheusReporterFactory.class.getName());
        settings.setString("metrics.reporter.prom.port", Integer.toString(port));
        job = JobUnderTest.start(kafka, directory.resolve("checkpoints"), settings);
    }

    @AfterEach
    void stop() {
        job.close();
        broker.close();
    }

    @Test
    void everyMetricIsThereForEachLaneAndMeansWhatItsNameSays() throws Exception {
        VisionRequest late = request("late", ask("t", "why", 8));
        late.setDeadline(Instant.EPOCH);
        send(Topics.REQUESTS_LIVE, request("a", ask("t", "why", 8), ask("u", "why", 8)));
        send(Topics.REQUESTS_LIVE, late);
        send(Topics.REQUESTS_BULK, request("b", ask("t", "why", 5)));
        send(Topics.REQUESTS_BULK, request("c", classify("t", "why", "yes", "no")));
        kafka.produce(Topics.REQUESTS_BULK, null, new byte[] {1, 2, 3});
        awaitValue("answers", LIVE, "", 3);
        awaitValue("answers", BULK, "", 2);
        awaitValue("reason_rejections", BULK, "reason=\"UNDECODABLE\"", 1);
        awaitValue("engine_num_requests_running", LIVE, "", 0);

        assertValue("generation_tokens", LIVE, "", 16);
        assertValue("generation_tokens", BULK, "", 5);
        assertValue("prompt_tokens", LIVE, "", 2 * PROMPT);
        assertValue("prompt_tokens", BULK, "", 2 * PROMPT);
        assertValue("prefix_cache_queries", LIVE, "", 2 * PROMPT);
        assertThat(value("prefix_cache_hits", LIVE, "")).isBetween(0.0, 2.0 * PROMPT);
        assertValue("finished_reason_request_success", LIVE, "finished_reason=\"length\"", 2);
        assertValue("finished_reason_request_success", LIVE, "finished_reason=\"late\"", 1);
        assertValue("finished_reason_request_success", LIVE, "finished_reason=\"stop\"", 0);
        assertValue("finished_reason_request_success", BULK, "finished_reason=\"label\"", 1);
        assertValue("lateAnswers", LIVE, "", 1);
        // Two answers of eight tokens each: the first of each is timed from its hand-over.
        assertValue("time_to_first_token_microseconds_count", LIVE, "", 2);
        assertValue("inter_token_latency_microseconds_count", LIVE, "", 14);
        assertValue("time_to_first_token_microseconds_count", BULK, "", 1);
        for (String stage : List.of("queue", "prefill", "decode")) {
            assertValue("request_" + stage + "_time_microseconds_count", LIVE, "", 2);
            assertValue("request_" + stage + "_time_microseconds_count", BULK, "", 2);
        }
        // The late record has cost no step.
        for (String lane : List.of(LIVE, BULK)) {
            assertValue("engine_generation_tokens", lane, "", 21);
            assertValue("engine_prefix_cache_queries", lane, "", 4 * PROMPT);
            assertValue("engine_kv_cache_usage_perc", lane, "", 0);
            assertValue("engine_num_preemptions", lane, "", 0);
            assertValue("resumedTokens", lane, "", 0);
            assertThat(value("engine_mm_cache_hits", lane, "")).isNotNegative();
            assertThat(value("engine_mm_cache_queries", lane, "")).isNotNegative();
        }
    }

    @Test
    void whatRunsAndWhatWaitsIsToldWhileItDoes() throws Exception {
        job.model().block();
        send(Topics.REQUESTS_LIVE, request("a", ask("t", "why", 8)));
        awaitValue("requestsInFlight", LIVE, "", 1);
        awaitValue("requestsWaiting", LIVE, "", 1);
        job.model().allowCalls(1);

        awaitValue("num_requests_running", LIVE, "", 1);
        assertValue("num_requests_running", BULK, "", 0);
        assertValue("engine_num_requests_running", BULK, "", 1);
        assertThat(value("engine_kv_cache_usage_perc", LIVE, "")).isPositive();
        assertThat(value("bytesInFlight", LIVE, "")).isPositive();
        job.model().unblock();
        awaitValue("num_requests_running", LIVE, "", 0);
    }

    private void send(String topic, VisionRequest request) {
        kafka.produce(topic, null, bytes(request));
    }

    private void awaitValue(String metric, String operator, String label, double expected) {
        await(metric)
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            samples = scrape();
                            assertValue(metric, operator, label, expected);
                        });
    }

    private void assertValue(String metric, String operator, String label, double expected) {
        assertThat(value(metric, operator, label))
                .as("%s of %s %s", metric, operator, label)
                .isEqualTo(expected);
    }

    private double value(String metric, String operator, String label) {
        Optional<Sample> found =
                samples.stream().filter(each -> each.isOf(metric, operator, label)).findFirst();
        assertThat(found).as("%s of %s %s", metric, operator, label).isPresent();
        return found.orElseThrow().value();
    }

    private List<Sample> scrape() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        String text =
                client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        List<Sample> found = new ArrayList<>();
        Matcher matcher = SAMPLE.matcher(text);
        while (matcher.find()) {
            found.add(
                    new Sample(
                            matcher.group(1),
                            matcher.group(2),
                            Double.parseDouble(matcher.group(3))));
        }
        return found;
    }
}
