package io.sightmill.ingest.archive;

import io.sightmill.schema.Rejection;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes requests, and the rejections of files that could not be read. Every record is
 * acknowledged by all replicas and written once even if it is sent again; what a killed publisher
 * had not written is published by the next run under the same ids, which ingest deduplicates.
 *
 * <p>Thread-safe. Publishing waits while too many bytes are in flight.
 */
public final class RequestPublisher implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final RecordCodec<VisionRequest> requests = RecordCodec.of(VisionRequest.class);
    private final RecordCodec<Rejection> rejections = RecordCodec.of(Rejection.class);
    private final PublisherOptions options;
    private final Producer<String, byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();

    RequestPublisher(PublisherOptions options, Producer<String, byte[]> producer) {
        this.options = options;
        this.producer = producer;
    }

    /** Opens a publisher; the brokers are asked when the first record is published. */
    public static RequestPublisher open(PublisherOptions options) {
        return new RequestPublisher(
                options,
                new KafkaProducer<>(
                        properties(options), new StringSerializer(), new ByteArraySerializer()));
    }

    /**
     * Publishes a request or a rejection, whichever reading gave.
     *
     * @return completes when the brokers have it, or exceptionally when they never will
     */
    public CompletableFuture<Void> publish(ReadImage image) {
        if (image instanceof ReadImage.Requested requested) {
            return publish(requested.request());
        }
        return publish(((ReadImage.Rejected) image).rejection());
    }

    /** Publishes a request; as for {@link #publish(ReadImage)}. */
    public CompletableFuture<Void> publish(VisionRequest request) {
        return send(options.requests(), request.getRequestId(), requests.encode(request));
    }

    /** Publishes a rejection; as for {@link #publish(ReadImage)}. */
    public CompletableFuture<Void> publish(Rejection rejection) {
        return send(options.rejections(), rejection.getRequestId(), rejections.encode(rejection));
    }

    /** How many records the brokers have acknowledged. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Returns when everything published so far is acknowledged or has failed. */
    public void flush() {
        producer.flush();
    }

    /** Waits for what is in flight, for a bounded time. */
    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private CompletableFuture<Void> send(String topic, String key, byte[] value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        producer.send(
                new ProducerRecord<>(topic, key, value),
                (metadata, exception) -> {
                    if (exception == null) {
                        acknowledged.incrementAndGet();
                        done.complete(null);
                    } else {
                        done.completeExceptionally(exception);
                    }
                });
        return done;
    }

    private static Map<String, Object> properties(PublisherOptions options) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, options.maxRequestBytes());
        // The producer's own bound: sending waits until that much of the buffer is free.
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, options.maxInFlightBytes());
        return properties;
    }
}
