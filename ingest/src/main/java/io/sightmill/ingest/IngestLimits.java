package io.sightmill.ingest;

import static io.sightmill.ingest.Settings.require;

import io.sightmill.schema.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a request may hold; configuration keys {@code limit.*}. A request over a limit is rejected.
 *
 * @param maxRequestBytes the encoded record with its headers, in and out; below what the broker
 *     takes
 * @param maxImages images of a request
 * @param maxImageBytes encoded bytes of one inline image
 * @param maxUriCharacters characters of an image's address
 * @param maxTasks tasks of a request
 * @param maxMessages messages of a task
 * @param maxTextCharacters characters of all messages of a task together
 * @param maxLabels labels of a task
 * @param maxLabelCharacters characters of one label or stop string
 * @param maxStopStrings stop strings of a task
 * @param maxNewTokens tokens a task may ask for
 * @param maxAttributes attributes of a request
 * @param maxAttributeCharacters characters of one attribute, key and value together
 * @param maxAge how long before now a request may have been created
 * @param maxClockSkew how long after now a request may claim to have been created
 * @param maxTimeToDeadline how long after its creation a request's deadline may lie
 */
public record IngestLimits(
        int maxRequestBytes,
        int maxImages,
        int maxImageBytes,
        int maxUriCharacters,
        int maxTasks,
        int maxMessages,
        int maxTextCharacters,
        int maxLabels,
        int maxLabelCharacters,
        int maxStopStrings,
        int maxNewTokens,
        int maxAttributes,
        int maxAttributeCharacters,
        Duration maxAge,
        Duration maxClockSkew,
        Duration maxTimeToDeadline) {

    /** A record may not come near the array size of the JVM, and a broker takes far less. */
    private static final int MOST_REQUEST_BYTES = 1 << 30;

    public IngestLimits {
        boolean isSendable = maxRequestBytes >= 1024 && maxRequestBytes <= MOST_REQUEST_BYTES;
        require(isSendable, "limit.request.bytes", maxRequestBytes, "1 KiB to 1 GiB");
        requirePositive("limit.images", maxImages);
        requirePositive("limit.image.bytes", maxImageBytes);
        require(
                maxImageBytes < maxRequestBytes,
                "limit.image.bytes",
                maxImageBytes,
                "below limit.request.bytes, which is " + maxRequestBytes);
        requirePositive("limit.uri.characters", maxUriCharacters);
        requirePositive("limit.tasks", maxTasks);
        requirePositive("limit.messages", maxMessages);
        requirePositive("limit.text.characters", maxTextCharacters);
        require(maxLabels >= 2, "limit.labels", maxLabels, "at least 2");
        requirePositive("limit.label.characters", maxLabelCharacters);
        requireNotNegative("limit.stop.strings", maxStopStrings);
        requirePositive("limit.new.tokens", maxNewTokens);
        requireNotNegative("limit.attributes", maxAttributes);
        requirePositive("limit.attribute.characters", maxAttributeCharacters);
        requirePositive("limit.age", maxAge);
        requirePositive("limit.clock.skew", maxClockSkew);
        requirePositive("limit.time.to.deadline", maxTimeToDeadline);
    }

    /** The limits of a configuration that names none. */
    public static IngestLimits defaults() {
        return of(Map.of());
    }

    /**
     * Limits by configuration key; defaults for the others.
     *
     * @throws IllegalArgumentException naming the key and the value that is wrong
     */
    public static IngestLimits of(Map<String, String> values) {
        Settings settings = new Settings(values);
        IngestLimits limits = from(settings);
        settings.refuseUnknownKeys();
        return limits;
    }

    static IngestLimits from(Settings settings) {
        return new IngestLimits(
                settings.integer("limit.request.bytes", 48 << 20),
                settings.integer("limit.images", 16),
                settings.integer("limit.image.bytes", 32 << 20),
                settings.integer("limit.uri.characters", 8192),
                settings.integer("limit.tasks", 64),
                settings.integer("limit.messages", 64),
                settings.integer("limit.text.characters", 32_768),
                settings.integer("limit.labels", 256),
                settings.integer("limit.label.characters", 256),
                settings.integer("limit.stop.strings", 16),
                settings.integer("limit.new.tokens", 4096),
                settings.integer("limit.attributes", 64),
                settings.integer("limit.attribute.characters", 8192),
                settings.duration("limit.age", Duration.ofDays(365)),
                settings.duration("limit.clock.skew", Duration.ofHours(1)),
                settings.duration("limit.time.to.deadline", Duration.ofDays(30)));
    }

    /**
     * Returns if labels or stop strings are not too many and none is too long.
     *
     * @param where the task, for the message
     * @param what what the texts are, for the message
     */
    void checkShortTexts(List<String> texts, int most, String where, String what)
            throws InvalidRequestException {
        int longest = texts.stream().mapToInt(String::length).max().orElse(0);
        if (texts.size() > most || longest > maxLabelCharacters) {
            throw new InvalidRequestException(
                    Reason.TOO_LARGE,
                    "%s has %d %s of up to %d characters; allowed are %d of %d"
                            .formatted(
                                    where, texts.size(), what, longest, most, maxLabelCharacters));
        }
    }

    private static void requirePositive(String key, int value) {
        require(value >= 1, key, value, "at least 1");
    }

    private static void requireNotNegative(String key, int value) {
        require(value >= 0, key, value, "0 or more");
    }

    private static void requirePositive(String key, Duration value) {
        boolean isPositive = value != null && !value.isNegative() && !value.isZero();
        boolean isUsual = isPositive && value.compareTo(Duration.ofDays(36_500)) <= 0;
        require(isUsual, key, value, "above zero and at most a hundred years");
    }
}
