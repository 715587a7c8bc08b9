package io.sightmill.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class ConsumedRecordsIT {

    @Test
    void whatTheReaderCommittedIsDeletedAndNothingElse(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("requests", 1);
        String other = kafka.createUniqueTopic("other", 1);
        String group = KafkaCluster.uniqueName("reader");
        for (int index = 0; index < 10; index++) {
            byte[] value = Integer.toString(index).getBytes(StandardCharsets.UTF_8);
            kafka.produce(topic, "key", value);
            kafka.produce(other, "key", value);
        }
        commit(kafka, group, topic, 7);
        commit(kafka, group, other, 5);

        try (ConsumedRecords records =
                new ConsumedRecords(kafka.bootstrapServers(), Map.of(topic, group))) {
            records.delete();
        }

        assertThat(
                        kafka.readAllCommitted(topic).stream()
                                .map(each -> new String(each.value(), StandardCharsets.UTF_8)))
                .containsExactly("7", "8", "9");
        assertThat(kafka.readAllCommitted(other)).hasSize(10);
    }

    private static void commit(KafkaCluster kafka, String group, String topic, long offset) {
        Map<String, Object> configuration =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
        }
    }
}
