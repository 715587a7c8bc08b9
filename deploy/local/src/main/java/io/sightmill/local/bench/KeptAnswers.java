package io.sightmill.local.bench;

import io.sightmill.schema.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Keeps the answers that come, to measure how fast they alone can be written. */
final class KeptAnswers implements TopicWatch.Listener {

    private final TopicWatch.Listener next;
    private final List<byte[]> values = new ArrayList<>();

    KeptAnswers(TopicWatch.Listener next) {
        this.next = next;
    }

    @Override
    public void onRecord(ConsumerRecord<byte[], byte[]> record, long nanoTime) {
        if (record.topic().equals(Topics.ANSWERS)) {
            synchronized (this) {
                values.add(record.value());
            }
        }
        next.onRecord(record, nanoTime);
    }

    /** Writes all of them once more in one transaction; tells how many nanoseconds it took. */
    synchronized long writeAgain(String bootstrapServers) {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                "sightmill-bench"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.initTransactions();
            long begin = System.nanoTime();
            producer.beginTransaction();
            values.forEach(value -> producer.send(new ProducerRecord<>(Topics.ANSWERS, value)));
            producer.commitTransaction();
            return System.nanoTime() - begin;
        }
    }
}
