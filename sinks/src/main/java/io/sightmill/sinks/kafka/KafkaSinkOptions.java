package io.sightmill.sinks.kafka;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Configuration of the Kafka sinks of one job and lane. Serializable, as Flink ships it to the
 * writers.
 *
 * @param bootstrapServers where Kafka is: host:port, several separated by commas
 * @param delivery exactly once (visible to readers of committed records at the next checkpoint) or
 *     at least once (visible at once, repeated after a failure)
 * @param transactionalIdPrefix names the transactions of this job and lane: no other job or lane
 *     that runs at the same time may have it, and it stays the same from start to start; letters,
 *     digits, dot, underscore and hyphen, at most 200 characters
 * @param transactionTimeout how long a transaction outlives a job that is gone, and so how late a
 *     restart still finds its last answers; from a second to 7 days, and never more than the
 *     broker's transaction.max.timeout.ms (15 minutes unless the broker says otherwise)
 * @param maxRequestBytes largest record in bytes, at least 64 KiB; the topic's max.message.bytes
 *     must allow it
 * @param producerProperties further settings of the Kafka producers under Kafka's names
 *     (compression.type, linger.ms, security.protocol, ...); none that the guarantee hangs on
 */
public record KafkaSinkOptions(
        String bootstrapServers,
        DeliveryGuarantee delivery,
        String transactionalIdPrefix,
        Duration transactionTimeout,
        int maxRequestBytes,
        Map<String, String> producerProperties)
        implements Serializable {

    private static final Duration DEFAULT_TRANSACTION_TIMEOUT = Duration.ofMinutes(15);
    private static final Duration LONGEST_TRANSACTION_TIMEOUT = Duration.ofDays(7);
    private static final int DEFAULT_MAX_REQUEST_BYTES = 8 << 20;
    private static final int SMALLEST_MAX_REQUEST_BYTES = 64 << 10;
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    /** Set by the sink, or the ground that its guarantee stands on. */
    private static final Set<String> RESERVED =
            Set.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    ProducerConfig.ACKS_CONFIG,
                    ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                    ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

    public KafkaSinkOptions {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        Objects.requireNonNull(delivery, "delivery");
        Objects.requireNonNull(transactionalIdPrefix, "transactionalIdPrefix");
        Objects.requireNonNull(transactionTimeout, "transactionTimeout");
        producerProperties = Map.copyOf(producerProperties);
        require(!bootstrapServers.isBlank(), "bootstrapServers", bootstrapServers, "host:port");
        require(
                delivery != DeliveryGuarantee.NONE,
                "delivery",
                delivery,
                "EXACTLY_ONCE or AT_LEAST_ONCE");
        require(
                PREFIX.matcher(transactionalIdPrefix).matches(),
                "transactionalIdPrefix",
                transactionalIdPrefix,
                "1 to 200 letters, digits, dots, underscores and hyphens");
        require(
                transactionTimeout.compareTo(Duration.ofSeconds(1)) >= 0
                        && transactionTimeout.compareTo(LONGEST_TRANSACTION_TIMEOUT) <= 0,
                "transactionTimeout",
                transactionTimeout,
                "between a second and 7 days");
        require(
                maxRequestBytes >= SMALLEST_MAX_REQUEST_BYTES,
                "maxRequestBytes",
                maxRequestBytes,
                "at least " + SMALLEST_MAX_REQUEST_BYTES);
        producerProperties.forEach(
                (key, value) ->
                        require(
                                !RESERVED.contains(key),
                                "producerProperties." + key,
                                value,
                                "left out: the sink sets it"));
    }

    /** Exactly once with the defaults: 15 minutes, records of at most 8 MiB. */
    public static KafkaSinkOptions exactlyOnce(
            String bootstrapServers, String transactionalIdPrefix) {
        return new KafkaSinkOptions(
                bootstrapServers,
                DeliveryGuarantee.EXACTLY_ONCE,
                transactionalIdPrefix,
                DEFAULT_TRANSACTION_TIMEOUT,
                DEFAULT_MAX_REQUEST_BYTES,
                Map.of());
    }

    public KafkaSinkOptions withDelivery(DeliveryGuarantee delivery) {
        return new KafkaSinkOptions(
                bootstrapServers,
                delivery,
                transactionalIdPrefix,
                transactionTimeout,
                maxRequestBytes,
                producerProperties);
    }

    public KafkaSinkOptions withTransactionTimeout(Duration transactionTimeout) {
        return new KafkaSinkOptions(
                bootstrapServers,
                delivery,
                transactionalIdPrefix,
                transactionTimeout,
                maxRequestBytes,
                producerProperties);
    }

    public KafkaSinkOptions withMaxRequestBytes(int maxRequestBytes) {
        return new KafkaSinkOptions(
                bootstrapServers,
                delivery,
                transactionalIdPrefix,
                transactionTimeout,
                maxRequestBytes,
                producerProperties);
    }

    public KafkaSinkOptions withProducerProperties(Map<String, String> producerProperties) {
        return new KafkaSinkOptions(
                bootstrapServers,
                delivery,
                transactionalIdPrefix,
                transactionTimeout,
                maxRequestBytes,
                producerProperties);
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + " and must be " + bound);
        }
    }
}
