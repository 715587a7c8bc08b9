package io.sightmill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every key has a default and a mapping, and a wrong value names its key. */
class IngestConfigTest {

    @Test
    void hasDefaultsForEverythingButTheBrokers() {
        IngestConfig config = IngestConfig.of(Map.of("bootstrap.servers", "broker:9092"));

        assertThat(config)
                .isEqualTo(
                        new IngestConfig(
                                "sightmill-ingest",
                                "broker:9092",
                                Path.of("data/ingest"),
                                1,
                                new IngestTopics(
                                        "sightmill.requests",
                                        "sightmill.instructions",
                                        "sightmill.requests.live",
                                        "sightmill.requests.bulk",
                                        "sightmill.rejections"),
                                new IngestLimits(
                                        50_331_648,
                                        16,
                                        33_554_432,
                                        8192,
                                        64,
                                        64,
                                        32_768,
                                        256,
                                        256,
                                        16,
                                        4096,
                                        64,
                                        8192,
                                        Duration.ofDays(365),
                                        Duration.ofHours(1),
                                        Duration.ofDays(30)),
                                Duration.ofHours(24),
                                new ClaimCheckConfig(
                                        Optional.empty(), 65_536, Optional.empty(), "us-east-1"),
                                Duration.ofMillis(100),
                                Map.of()));
    }

    @Test
    void mapsEveryKey() {
        Map<String, String> values = new HashMap<>();
        values.put("application.id", "other");
        values.put("bootstrap.servers", "broker:9092");
        values.put("state.dir", "/state");
        values.put("threads", "2");
        values.put("topic.requests", "a");
        values.put("topic.instructions", "b");
        values.put("topic.live", "c");
        values.put("topic.bulk", "d");
        values.put("topic.rejections", "e");
        values.put("limit.request.bytes", "3000");
        values.put("limit.images", "4");
        values.put("limit.image.bytes", "5");
        values.put("limit.uri.characters", "6");
        values.put("limit.tasks", "7");
        values.put("limit.messages", "8");
        values.put("limit.text.characters", "9");
        values.put("limit.labels", "10");
        values.put("limit.label.characters", "11");
        values.put("limit.stop.strings", "12");
        values.put("limit.new.tokens", "13");
        values.put("limit.attributes", "14");
        values.put("limit.attribute.characters", "15");
        values.put("limit.age", "PT16S");
        values.put("limit.clock.skew", "PT17S");
        values.put("limit.time.to.deadline", "PT18S");
        values.put("deduplication.window", "PT19S");
        values.put("commit.interval", "PT2S");
        values.put("claim.check.store", "s3://images/claims");
        values.put("claim.check.bytes", "20");
        values.put("claim.check.s3.endpoint", "http://storage:9000");
        values.put("claim.check.s3.region", "eu-1");
        values.put("streams.client.id", "me");

        assertThat(IngestConfig.of(values))
                .isEqualTo(
                        new IngestConfig(
                                "other",
                                "broker:9092",
                                Path.of("/state"),
                                2,
                                new IngestTopics("a", "b", "c", "d", "e"),
                                new IngestLimits(
                                        3000,
                                        4,
                                        5,
                                        6,
                                        7,
                                        8,
                                        9,
                                        10,
                                        11,
                                        12,
                                        13,
                                        14,
                                        15,
                                        Duration.ofSeconds(16),
                                        Duration.ofSeconds(17),
                                        Duration.ofSeconds(18)),
                                Duration.ofSeconds(19),
                                new ClaimCheckConfig(
                                        Optional.of("s3://images/claims"),
                                        20,
                                        Optional.of(URI.create("http://storage:9000")),
                                        "eu-1"),
                                Duration.ofSeconds(2),
                                Map.of("client.id", "me")));
    }

    @ParameterizedTest
    @CsvSource({
        "application.id, ' '",
        "bootstrap.servers, ''",
        "threads, 0",
        "threads, many",
        "topic.requests, a b",
        "topic.instructions, ''",
        "topic.live, ''",
        "topic.bulk, ''",
        "topic.rejections, ''",
        "limit.request.bytes, 1023",
        "limit.images, 0",
        "limit.image.bytes, 0",
        "limit.image.bytes, 50331648",
        "limit.uri.characters, 0",
        "limit.tasks, -1",
        "limit.messages, 0",
        "limit.text.characters, 0",
        "limit.labels, 1",
        "limit.label.characters, 0",
        "limit.stop.strings, -1",
        "limit.new.tokens, 0",
        "limit.attributes, -1",
        "limit.attribute.characters, 0",
        "limit.age, PT0S",
        "limit.age, 24h",
        "limit.clock.skew, -PT1S",
        "limit.time.to.deadline, P99999999D",
        "deduplication.window, PT0.5S",
        "deduplication.window, P366D",
        "commit.interval, PT0S",
        "commit.interval, PT6S",
    })
    void namesTheKeyAndTheValueThatIsWrong(String key, String value) {
        Map<String, String> values = new HashMap<>(Map.of("bootstrap.servers", "broker:9092"));
        values.put(key, value);

        assertThatThrownBy(() -> IngestConfig.of(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + " is '")
                .hasMessageContaining("must be");
    }

    @Test
    void refusesAKeyItDoesNotKnow() {
        Map<String, String> values = Map.of("bootstrap.servers", "broker:9092", "limit.image", "3");

        assertThatThrownBy(() -> IngestConfig.of(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown key limit.image;")
                .hasMessageContaining("limit.image.bytes");
    }

    @Test
    void runsExactlyOnceAndRestartsSoon() {
        Properties properties =
                IngestConfig.of("broker:9092", Path.of("/state")).streamsProperties();

        assertThat(properties)
                .contains(
                        entry("processing.guarantee", "exactly_once_v2"),
                        entry("consumer.session.timeout.ms", 6000),
                        entry("commit.interval.ms", 100L),
                        entry("num.standby.replicas", 0),
                        entry("state.dir", "/state"),
                        entry("bootstrap.servers", "broker:9092"));
    }

    @Test
    void sendsWhatItLetsThrough() {
        Map<String, String> values =
                Map.of("bootstrap.servers", "broker:9092", "limit.request.bytes", "60000000");

        Properties properties = IngestConfig.of(values).streamsProperties();

        assertThat((int) properties.get("producer.max.request.size")).isGreaterThan(60_000_000);
        assertThat((long) properties.get("producer.buffer.memory"))
                .isGreaterThan((int) properties.get("producer.max.request.size"));
    }

    @Test
    void letsStreamsPropertiesOverrideItsOwn() {
        Map<String, String> values =
                Map.of("bootstrap.servers", "broker:9092", "streams.num.standby.replicas", "1");

        assertThat(IngestConfig.of(values).streamsProperties())
                .containsEntry("num.standby.replicas", "1");
    }
}
