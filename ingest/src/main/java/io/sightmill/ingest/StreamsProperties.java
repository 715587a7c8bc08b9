package io.sightmill.ingest;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The configuration in the words of Kafka Streams. */
final class StreamsProperties {

    /** A restart waits for the old member's session; closing does not leave the group. */
    private static final int SESSION_TIMEOUT_MILLIS = 6_000;

    /** What a batch and a record add to the bytes that the limit on requests counts. */
    private static final int OVERHEAD_BYTES = 1 << 20;

    /** Requests carry images: few of them may wait in memory for each partition. */
    private static final int BUFFERED_RECORDS = 32;

    private StreamsProperties() {}

    static Properties of(IngestConfig config) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
        addConsumer(properties);
        addProducer(properties, config.limits().maxRequestBytes() + OVERHEAD_BYTES);
        properties.putAll(config.streams());
        return properties;
    }

    private static void addConsumer(Properties properties) {
        properties.put(
                consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MILLIS);
        properties.put(
                consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                SESSION_TIMEOUT_MILLIS / 4);
        properties.put(consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), BUFFERED_RECORDS);
    }

    private static void addProducer(Properties properties, int largestRecordBytes) {
        properties.put(producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), largestRecordBytes);
        properties.put(
                producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 2L * largestRecordBytes);
        properties.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    }
}
