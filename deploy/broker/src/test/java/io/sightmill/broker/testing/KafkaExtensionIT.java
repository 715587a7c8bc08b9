package io.sightmill.broker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class KafkaExtensionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void whatIsProducedIsReadBack(KafkaCluster kafka) {
        String topic = kafka.createUniqueTopic("round-trip", 2);

        kafka.produce(topic, "key", "value".getBytes(UTF_8));
        kafka.produce(topic, null, "without key".getBytes(UTF_8));

        assertThat(kafka.readCommitted(topic, 2, PATIENCE))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("value", "without key");
    }

    @Test
    void aRecordOfTensOfMegabytesPasses(KafkaCluster kafka) {
        String topic = kafka.createUniqueTopic("large", 1);

        kafka.produce(topic, "large", new byte[40 << 20]);

        assertThat(kafka.readCommitted(topic, 1, PATIENCE))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).hasSize(40 << 20));
    }

    @Test
    void whatATransactionHasNotCommittedIsNotRead(KafkaCluster kafka) {
        String topic = kafka.createUniqueTopic("transactions", 1);
        kafka.produce(topic, "before", new byte[] {1});
        try (KafkaProducer<byte[], byte[]> producer = transactional(kafka)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, new byte[] {2}));
            producer.flush();

            assertThat(kafka.readAllCommitted(topic)).hasSize(1);

            producer.commitTransaction();
            assertThat(kafka.readCommitted(topic, 2, PATIENCE)).hasSize(2);
        }
    }

    private static KafkaProducer<byte[], byte[]> transactional(KafkaCluster kafka) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        KafkaCluster.uniqueName("transaction")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
