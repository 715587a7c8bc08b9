package io.sightmill.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.broker.testing.KafkaCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    private static final String TOPIC = "kept";

    private static final List<NewTopic> TOPICS = List.of(new NewTopic(TOPIC, 2, (short) 1));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path directory;

    @Test
    void recordsAndAddressSurviveACleanRestart() {
        String address;
        assertThat(EmbeddedBroker.runningIn(directory)).isEmpty();
        try (EmbeddedBroker broker = start()) {
            address = broker.bootstrapServers();
            assertThat(EmbeddedBroker.runningIn(directory)).contains(address);
            broker.createTopics(TOPICS);
            kafka(broker.bootstrapServers()).produce(TOPIC, "key", "before".getBytes(UTF_8));
        }

        try (EmbeddedBroker broker = start()) {
            assertThat(broker.bootstrapServers()).isEqualTo(address);
            assertThat(values(broker.bootstrapServers(), 1)).containsExactly("before");
        }
    }

    @Test
    void recordsAndAddressSurviveAKill() throws Exception {
        String address;
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            address = broker.bootstrapServers();
            assertThat(EmbeddedBroker.runningIn(directory)).contains(address);
            TopicCreation.createMissing(address, TOPICS);
            kafka(address).produce(TOPIC, "key", "before".getBytes(UTF_8));
            broker.kill();
        }

        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            assertThat(broker.bootstrapServers()).isEqualTo(address);
            kafka(address).produce(TOPIC, "key", "after".getBytes(UTF_8));
            assertThat(values(address, 2)).containsExactly("before", "after");
            assertThat(broker.stop()).isZero();
        }
    }

    @Test
    void recordsSurviveWhenAnotherProgramTookThePort() throws IOException {
        int port;
        try (EmbeddedBroker broker = start()) {
            port = port(broker);
            broker.createTopics(TOPICS);
            kafka(broker.bootstrapServers()).produce(TOPIC, "key", "before".getBytes(UTF_8));
        }

        try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                EmbeddedBroker broker = start()) {
            assertThat(port(broker)).isNotEqualTo(stranger.getLocalPort());
            assertThat(values(broker.bootstrapServers(), 1)).containsExactly("before");
        }
    }

    @Test
    void aDirectoryInUseIsRefusedAndItsBrokerUnharmed() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("in use by another running broker");

            TopicCreation.createMissing(broker.bootstrapServers(), TOPICS);
        }
    }

    @Test
    void aDirectoryThatIsAFileIsRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.in(file)))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefused() throws IOException {
        start().close();
        Path metadata = directory.resolve("log").resolve("meta.properties");
        Files.writeString(metadata, Files.readString(metadata).replace("node.id=1", "node.id=7"));

        assertThatThrownBy(this::start)
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(directory.toString());
    }

    /** Kafka would halt the JVM here, and this test with it. */
    @Test
    void aFailedStartIsAnErrorAndLeavesTheDirectoryUnlocked() throws IOException {
        start().close();
        Path quorum = directory.resolve("log/__cluster_metadata-0/quorum-state");
        String content = Files.readString(quorum);
        Files.writeString(quorum, "broken");

        assertThatThrownBy(this::start)
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("quorum-state");

        Files.writeString(quorum, content);
        start().close();
    }

    @Test
    void manyMayCreateTheSameTopicsAtOnce() {
        try (EmbeddedBroker broker = start()) {
            List<CompletableFuture<Void>> creations =
                    Stream.generate(() -> TOPICS)
                            .limit(4)
                            .map(
                                    topics ->
                                            CompletableFuture.runAsync(
                                                    () -> broker.createTopics(topics)))
                            .toList();

            assertThat(creations).allSatisfy(creation -> creation.join());
            kafka(broker.bootstrapServers()).produce(TOPIC, null, "usable".getBytes(UTF_8));
        }
    }

    @Test
    void aTransactionMayStayOpenForAWeek() {
        try (EmbeddedBroker broker = start();
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                Map.of(
                                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                        broker.bootstrapServers(),
                                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                        "week",
                                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                        (int) Duration.ofDays(7).toMillis()),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            assertThatCode(producer::initTransactions).doesNotThrowAnyException();
        }
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.start(BrokerOptions.in(directory));
    }

    private static int port(EmbeddedBroker broker) {
        return Integer.parseInt(broker.bootstrapServers().split(":")[1]);
    }

    private static List<String> values(String bootstrapServers, int count) {
        return kafka(bootstrapServers).readCommitted(TOPIC, count, PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    @SuppressWarnings("resource") // The broker is not the cluster's to close.
    private static KafkaCluster kafka(String bootstrapServers) {
        return KafkaCluster.at(bootstrapServers);
    }
}
