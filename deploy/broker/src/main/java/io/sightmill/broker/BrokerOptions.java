package io.sightmill.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Configuration of the embedded broker.
 *
 * @param dataDirectory everything the broker keeps; the same directory gives the same broker again
 * @param retention how long records of a topic are kept unless the topic says otherwise; at least a
 *     second, {@link #FOREVER} keeps all
 * @param maxMessageBytes largest record batch in bytes, at least 1 MiB and at most 1 GiB; inline
 *     images need far more than Kafka's default of 1 MiB
 */
public record BrokerOptions(Path dataDirectory, Duration retention, int maxMessageBytes) {

    /** Nothing is ever deleted: the topics are the archive of what was answered. */
    public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private static final int MEBIBYTE = 1 << 20;

    public BrokerOptions {
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        Objects.requireNonNull(retention, "retention");
        if (retention.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "retention is " + retention + " and must be at least a second");
        }
        if (maxMessageBytes < MEBIBYTE || maxMessageBytes > 1024 * MEBIBYTE) {
            throw new IllegalArgumentException(
                    "maxMessageBytes is "
                            + maxMessageBytes
                            + " and must be between 1 MiB ("
                            + MEBIBYTE
                            + ") and 1 GiB");
        }
    }

    /** The defaults: records are kept forever, batches of at most 64 MiB. */
    public static BrokerOptions in(Path dataDirectory) {
        return new BrokerOptions(dataDirectory, FOREVER, 64 * MEBIBYTE);
    }

    public BrokerOptions withRetention(Duration retention) {
        return new BrokerOptions(dataDirectory, retention, maxMessageBytes);
    }

    public BrokerOptions withMaxMessageBytes(int maxMessageBytes) {
        return new BrokerOptions(dataDirectory, retention, maxMessageBytes);
    }
}
