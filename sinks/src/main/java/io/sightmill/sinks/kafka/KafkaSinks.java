package io.sightmill.sinks.kafka;

import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The Kafka sinks.
 *
 * <p>Exactly once: what a checkpoint holds is committed with it. After a failure, SIGKILL included,
 * a job that is restored from its last checkpoint with the same transactionalIdPrefix commits what
 * that checkpoint had prepared and aborts what came after. Such a sink needs a uid. The topic must
 * exist before the job starts.
 */
public final class KafkaSinks {

    /** Kafka's own default for the memory that holds what is not sent yet. */
    private static final long DEFAULT_BUFFER_BYTES = 32L << 20;

    private KafkaSinks() {}

    /** Answers to {@link Topics#ANSWERS}. */
    public static Sink<Answer> answers(KafkaSinkOptions options) {
        return of(options, Answer.class, Topics.ANSWERS);
    }

    /** Pieces of answers to {@link Topics#ANSWER_CHUNKS}. */
    public static Sink<AnswerChunk> answerChunks(KafkaSinkOptions options) {
        return of(options, AnswerChunk.class, Topics.ANSWER_CHUNKS);
    }

    /** Embeddings to {@link Topics#EMBEDDINGS}. */
    public static Sink<Embedding> embeddings(KafkaSinkOptions options) {
        return of(options, Embedding.class, Topics.EMBEDDINGS);
    }

    /** Rejections to {@link Topics#REJECTIONS}. */
    public static Sink<Rejection> rejections(KafkaSinkOptions options) {
        return of(options, Rejection.class, Topics.REJECTIONS);
    }

    /**
     * Records of any type with a requestId to any topic. Two sinks of a job may write to the same
     * topic only under options with different transactionalIdPrefixes.
     */
    public static <T extends SpecificRecordBase> Sink<T> of(
            KafkaSinkOptions options, Class<T> type, String topic) {
        return options.delivery() == DeliveryGuarantee.EXACTLY_ONCE
                ? new ExactlyOnceKafkaSink<>(options, type, topic)
                : flinkSink(options, type, topic, options.transactionalIdPrefix());
    }

    static <T extends SpecificRecordBase> KafkaSink<T> flinkSink(
            KafkaSinkOptions options, Class<T> type, String topic, String transactionalIdPrefix) {
        return KafkaSink.<T>builder()
                .setKafkaProducerConfig(producerProperties(options))
                .setDeliveryGuarantee(options.delivery())
                .setTransactionalIdPrefix(transactionalIdPrefix)
                // A few names an attempt, used over and over. The other strategy makes a new one a
                // checkpoint, which the broker remembers for days.
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .setRecordSerializer(new RecordSerializer<>(type, topic))
                .build();
    }

    static Properties producerProperties(KafkaSinkOptions options) {
        Properties properties = new Properties();
        // A record that does not fit into the buffer is refused, however large a request may be.
        properties.setProperty(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Long.toString(Math.max(DEFAULT_BUFFER_BYTES, options.maxRequestBytes())));
        options.producerProperties().forEach(properties::setProperty);
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        properties.setProperty(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Integer.toString(options.maxRequestBytes()));
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Long.toString(options.transactionTimeout().toMillis()));
        return properties;
    }

    /** What of the producers' properties says how to reach the brokers. */
    static Map<String, Object> adminProperties(KafkaSinkOptions options) {
        Map<String, Object> properties = new HashMap<>(options.producerProperties());
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        return properties;
    }
}
