package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A producer that begins a transaction and never ends it, on a real broker. */
@ExtendWith(KafkaExtension.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OpenTransactionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void readersGoOnWhenATransactionThatWasLeftOpenIsAborted(KafkaCluster kafka) {
        String topic = kafka.createUniqueTopic("hanging", 1);
        try (KafkaProducer<byte[], byte[]> abandoned = producer(kafka, topic + ":a");
                OpenTransactions transactions =
                        OpenTransactions.on(kafka.bootstrapServers(), PATIENCE)) {
            begin(abandoned, topic);
            kafka.produce(topic, "behind", new byte[] {2});
            assertThat(kafka.readAllCommitted(topic)).isEmpty();

            List<OpenTransaction> open = transactions.list(topic + ":");
            open.forEach(transactions::abort);

            assertThat(open)
                    .singleElement()
                    .satisfies(
                            transaction -> {
                                assertThat(transaction.transactionalId()).isEqualTo(topic + ":a");
                                assertThat(transaction.state()).isEqualTo(TransactionState.ONGOING);
                                assertThat(transaction.partitions()).containsExactly(topic + "-0");
                                assertThat(transaction.timeout()).isEqualTo(Duration.ofMinutes(10));
                                assertThat(transaction.producerId()).isNotNegative();
                                assertThat(transaction.age(Instant.now()))
                                        .isBetween(Duration.ZERO, Duration.ofMinutes(1));
                            });
            assertThat(kafka.readCommitted(topic, 1, PATIENCE))
                    .singleElement()
                    .satisfies(record -> assertThat(record.key()).isEqualTo("behind".getBytes()));
            assertThat(transactions.list(topic + ":")).isEmpty();
            assertThatThrownBy(abandoned::commitTransaction)
                    .isInstanceOfAny(
                            ProducerFencedException.class, InvalidProducerEpochException.class);
        }
    }

    @Test
    void onlyOpenTransactionsOfThePrefixAreListed(KafkaCluster kafka) {
        String topic = kafka.createUniqueTopic("others", 1);
        try (KafkaProducer<byte[], byte[]> other = producer(kafka, "not-" + topic);
                KafkaProducer<byte[], byte[]> done = producer(kafka, topic + ":done");
                OpenTransactions transactions =
                        OpenTransactions.on(kafka.bootstrapServers(), PATIENCE)) {
            begin(other, topic);
            begin(done, topic);
            done.commitTransaction();

            assertThat(transactions.list(topic)).isEmpty();
            other.abortTransaction();
        }
    }

    private static void begin(KafkaProducer<byte[], byte[]> producer, String topic) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, new byte[] {1}));
        producer.flush();
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaCluster kafka, String id) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        id,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        (int) Duration.ofMinutes(10).toMillis()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
