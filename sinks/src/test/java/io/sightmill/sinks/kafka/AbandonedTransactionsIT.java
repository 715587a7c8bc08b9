package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.IOUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What others left open on a real broker, and one subtask that looks after it. */
@ExtendWith(KafkaExtension.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class AbandonedTransactionsIT {

    private static final String EARLIER = "/0/0123456789abcdef-0-0";
    private static final String LATER = "/0/fedcba9876543210-0-0";
    private static final String SIBLING = "/1/0123456789abcdef-1-0";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    @Test
    void areAbortedWhenACheckpointIsComplete(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("left", 1);
        try (KafkaProducer<byte[], byte[]> earlier = begin(kafka, topic, EARLIER);
                KafkaProducer<byte[], byte[]> sibling = begin(kafka, topic, SIBLING);
                Task task = Task.of(kafka, topic)) {
            long checkpoint = task.barriersUntilLooked();
            assertThat(task.open()).containsExactlyInAnyOrder(EARLIER, SIBLING);

            task.complete(checkpoint);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(task.open()).containsExactly(SIBLING));
            assertThatThrownBy(earlier::commitTransaction).isInstanceOf(KafkaException.class);
            sibling.commitTransaction();
        }
    }

    @Test
    void areNotThoseThatBeganAfterTheBarrierOfATaskThatSlept(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("left", 1);
        try (KafkaProducer<byte[], byte[]> earlier = begin(kafka, topic, EARLIER);
                Task task = Task.of(kafka, topic)) {
            long checkpoint = task.barriersUntilLooked();
            try (KafkaProducer<byte[], byte[]> later = begin(kafka, topic, LATER)) {

                task.complete(checkpoint);

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(task.open()).containsExactly(LATER));
                later.commitTransaction();
            }
            assertThat(earlier).isNotNull();
        }
    }

    @Test
    void areLookedForFromTimeToTime(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("left", 1);
        try (Task task = Task.of(kafka, topic)) {
            task.complete(task.barriersUntilLooked());
            try (KafkaProducer<byte[], byte[]> woken = begin(kafka, topic, EARLIER)) {
                task.waitFor(BETWEEN_LOOKS);

                task.complete(task.barriersUntilLooked());

                await().atMost(PATIENCE).untilAsserted(() -> assertThat(task.open()).isEmpty());
                assertThat(woken).isNotNull();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> begin(
            KafkaCluster kafka, String topic, String attempt) {
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrapServers(),
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                idsOf(topic) + attempt),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, new byte[] {1}));
        producer.flush();
        return producer;
    }

    private static String idsOf(String topic) {
        return TransactionalIds.ofSink("job", topic);
    }

    /** Subtask 0 of 2, whose barriers, notifications and time come when a test says so. */
    private record Task(
            OneInputStreamOperatorTestHarness<CommittableMessage<KafkaCommittable>, Void> harness,
            OpenTransactions transactions,
            String sink,
            AtomicLong checkpoints)
            implements AutoCloseable {

        static Task of(KafkaCluster kafka, String topic) throws Exception {
            Map<String, Object> admin =
                    Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
            OneInputStreamOperatorTestHarness<CommittableMessage<KafkaCommittable>, Void> harness =
                    new OneInputStreamOperatorTestHarness<>(
                            new AbandonedTransactionsFactory(idsOf(topic), admin), 2, 2, 0);
            harness.open();
            return new Task(
                    harness, OpenTransactions.on(admin, PATIENCE), idsOf(topic), new AtomicLong());
        }

        /** Returns the last one's number. */
        long barriersUntilLooked() {
            AbandonedTransactions operator = (AbandonedTransactions) harness.getOneInputOperator();
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                harness.snapshot(checkpoints.incrementAndGet(), 0);
                                return operator.waitsForCheckpoint();
                            });
            return checkpoints.get();
        }

        void complete(long checkpoint) throws Exception {
            harness.notifyOfCompletedCheckpoint(checkpoint);
        }

        void waitFor(Duration time) throws Exception {
            harness.setProcessingTime(harness.getProcessingTime() + time.toMillis());
        }

        /** What is open of the sink's, without what all ids begin with. */
        List<String> open() {
            return transactions.list(sink).stream()
                    .map(each -> each.transactionalId().substring(sink.length()))
                    .toList();
        }

        @Override
        public void close() {
            IOUtils.closeAllQuietly(harness, transactions);
        }
    }
}
