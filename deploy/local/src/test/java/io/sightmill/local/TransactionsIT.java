package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands about open transactions, as a person types them. */
@ExtendWith(KafkaExtension.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TransactionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Ended(int exitCode, String output) {}

    @Test
    void aTransactionIsListedAndAbortedOnDemandOnly(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("abandoned", 1);
        try (KafkaProducer<byte[], byte[]> abandoned = producer(kafka, topic)) {
            abandoned.initTransactions();
            abandoned.beginTransaction();
            abandoned.send(new ProducerRecord<>(topic, new byte[] {1}));
            abandoned.flush();
            kafka.produce(topic, null, new byte[] {2});

            JsonNode listed = new ObjectMapper().readTree(run(kafka, topic, 0, "list", "--json"));
            assertThat(listed.path("transactionalId").asText()).isEqualTo(topic + ":0");
            assertThat(listed.path("partitions").get(0).asText()).isEqualTo(topic + "-0");
            assertThat(listed.path("ageSeconds").asDouble()).isBetween(0.0, 120.0);
            assertThat(listed.path("producerId").isNumber()).isTrue();
            assertThat(run(kafka, topic, 0, "list", "--older-than", "PT1H")).isEmpty();

            assertThat(run(kafka, topic, 2, "abort")).contains(topic + ":0");
            assertThat(kafka.readAllCommitted(topic)).isEmpty();

            run(kafka, topic, 0, "abort", "--yes");
            assertThat(kafka.readCommitted(topic, 1, PATIENCE)).hasSize(1);
            assertThat(run(kafka, topic, 0, "list")).isEmpty();
        }
    }

    private static String run(
            KafkaCluster kafka, String prefix, int exitCode, String command, String... more) {
        Ended ended = execute(kafka, prefix, command, more);
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
        return ended.output();
    }

    private static Ended execute(
            KafkaCluster kafka, String prefix, String command, String... more) {
        String[] words = {
            "transactions",
            command,
            "--bootstrap-servers",
            kafka.bootstrapServers(),
            "--prefix",
            prefix
        };
        String[] all = new String[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            return new Ended(Sightmill.execute(all), output.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaCluster kafka, String name) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        name + ":0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
