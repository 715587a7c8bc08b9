package io.sightmill.ingest.archive;

import io.sightmill.schema.Topics;

/**
 * Where requests are published, and how many bytes of them may wait for the brokers.
 *
 * @param bootstrapServers the brokers
 * @param requests topic of requests
 * @param rejections topic of rejections
 * @param maxRequestBytes largest record, in bytes; the brokers must take it
 * @param maxInFlightBytes publishing waits while this many bytes are not acknowledged
 */
public record PublisherOptions(
        String bootstrapServers,
        String requests,
        String rejections,
        int maxRequestBytes,
        long maxInFlightBytes) {

    public PublisherOptions {
        requireText("bootstrapServers", bootstrapServers);
        requireText("requests", requests);
        requireText("rejections", rejections);
        require(maxRequestBytes >= 1024, "maxRequestBytes", maxRequestBytes, "at least 1 KiB");
        require(
                maxInFlightBytes >= maxRequestBytes,
                "maxInFlightBytes",
                maxInFlightBytes,
                "at least maxRequestBytes, " + maxRequestBytes);
    }

    /** The usual topics, records of up to 48 MiB, 64 MiB in flight. */
    public static PublisherOptions to(String bootstrapServers) {
        return new PublisherOptions(
                bootstrapServers, Topics.REQUESTS, Topics.REJECTIONS, 48 << 20, 64 << 20);
    }

    public PublisherOptions withTopics(String requests, String rejections) {
        return new PublisherOptions(
                bootstrapServers, requests, rejections, maxRequestBytes, maxInFlightBytes);
    }

    private static void requireText(String key, String value) {
        require(value != null && !value.isBlank(), key, value, "set");
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is '" + value + "' and must be " + bound);
        }
    }
}
