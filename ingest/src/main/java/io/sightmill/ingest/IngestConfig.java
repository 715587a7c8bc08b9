package io.sightmill.ingest;

import static io.sightmill.ingest.Settings.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * How the ingest application runs. A wrong value fails here and names its key.
 *
 * @param applicationId {@code application.id}: the consumer group and the prefix of internal topics
 * @param bootstrapServers {@code bootstrap.servers}: the brokers
 * @param stateDirectory {@code state.dir}: where the deduplication window lies on disk
 * @param threads {@code threads}: how many records are worked on at once
 * @param topics {@code topic.*}
 * @param limits {@code limit.*}
 * @param deduplicationWindow {@code deduplication.window}: how long a requestId is remembered
 * @param claimCheck {@code claim.check.*}
 * @param commitInterval {@code commit.interval}: readers downstream see a record after at most this
 * @param streams {@code streams.*}: properties of Kafka Streams that override everything else
 */
public record IngestConfig(
        String applicationId,
        String bootstrapServers,
        Path stateDirectory,
        int threads,
        IngestTopics topics,
        IngestLimits limits,
        Duration deduplicationWindow,
        ClaimCheckConfig claimCheck,
        Duration commitInterval,
        Map<String, String> streams) {

    /** Kafka Streams aborts a transaction that stays open for longer than this by default. */
    private static final Duration LONGEST_COMMIT_INTERVAL = Duration.ofSeconds(5);

    public IngestConfig {
        requireText("application.id", applicationId);
        requireText("bootstrap.servers", bootstrapServers);
        require(stateDirectory != null, "state.dir", stateDirectory, "set");
        require(threads >= 1 && threads <= 256, "threads", threads, "1 to 256");
        require(topics != null, "topic.*", topics, "set");
        require(limits != null, "limit.*", limits, "set");
        require(
                isWithin(deduplicationWindow, Duration.ofSeconds(1), Duration.ofDays(365)),
                "deduplication.window",
                deduplicationWindow,
                "PT1S to P365D");
        require(claimCheck != null, "claim.check.*", claimCheck, "set");
        require(
                isWithin(commitInterval, Duration.ofMillis(1), LONGEST_COMMIT_INTERVAL),
                "commit.interval",
                commitInterval,
                "PT0.001S to " + LONGEST_COMMIT_INTERVAL);
        streams = Map.copyOf(streams);
    }

    /** Everything by default but where the brokers are and where state may lie. */
    public static IngestConfig of(String bootstrapServers, Path stateDirectory) {
        return of(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "state.dir",
                        stateDirectory.toString()));
    }

    /**
     * A configuration by its keys; defaults for those that are missing.
     *
     * @throws IllegalArgumentException naming the key and the value that is wrong or unknown
     */
    public static IngestConfig of(Map<String, String> values) {
        Settings settings = new Settings(values);
        IngestConfig config =
                new IngestConfig(
                        settings.text("application.id", "sightmill-ingest"),
                        settings.text("bootstrap.servers", ""),
                        Path.of(settings.text("state.dir", "data/ingest")),
                        settings.integer("threads", 1),
                        IngestTopics.from(settings),
                        IngestLimits.from(settings),
                        settings.duration("deduplication.window", Duration.ofHours(24)),
                        ClaimCheckConfig.from(settings),
                        settings.duration("commit.interval", Duration.ofMillis(100)),
                        settings.below("streams."));
        settings.refuseUnknownKeys();
        return config;
    }

    /** The properties Kafka Streams is started with. */
    public Properties streamsProperties() {
        return StreamsProperties.of(this);
    }

    private static void requireText(String key, String value) {
        require(value != null && !value.isBlank(), key, value, "set");
    }

    private static boolean isWithin(Duration value, Duration least, Duration most) {
        return value != null && value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }
}
