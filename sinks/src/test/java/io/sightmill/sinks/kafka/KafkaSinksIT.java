package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import io.sightmill.schema.Answer;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.sinks.FailOnce;
import io.sightmill.sinks.Records;
import io.sightmill.sinks.SequenceJob;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class KafkaSinksIT {

    private static final int COUNT = 1_000;

    private static final List<Answer> ALL =
            LongStream.rangeClosed(1, COUNT).mapToObj(Records::answer).toList();

    @Test
    void everyRecordIsCommittedOnceThroughAFailure(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("exactly-once", 2);

        run(topic, KafkaSinkOptions.exactlyOnce(kafka.bootstrapServers(), topic));

        assertThat(FailOnce.failures(topic)).isOne();
        assertThat(committed(kafka, topic)).containsExactlyInAnyOrderElementsOf(ALL);
    }

    @Test
    void noRecordIsLostThroughAFailureWhereOnceIsNotAskedFor(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("at-least-once", 2);

        run(
                topic,
                KafkaSinkOptions.exactlyOnce(kafka.bootstrapServers(), topic)
                        .withDelivery(DeliveryGuarantee.AT_LEAST_ONCE));

        assertThat(FailOnce.failures(topic)).isOne();
        assertThat(committed(kafka, topic))
                .hasSizeGreaterThan(COUNT)
                .containsAll(ALL)
                .isSubsetOf(ALL);
    }

    private static void run(String topic, KafkaSinkOptions options) throws Exception {
        SequenceJob.run(
                SequenceJob.configuration(),
                COUNT,
                Answer.class,
                Records::answer,
                new FailOnce<>(topic, 2),
                KafkaSinks.of(options, Answer.class, topic));
    }

    private static List<Answer> committed(KafkaCluster kafka, String topic) {
        RecordCodec<Answer> codec = RecordCodec.of(Answer.class);
        return kafka.readAllCommitted(topic).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }
}
