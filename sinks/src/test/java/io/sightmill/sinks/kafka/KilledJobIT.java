package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import io.sightmill.schema.Answer;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.sinks.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class KilledJobIT {

    private static final int COUNT = 2_000;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path checkpoints;

    @Test
    void everyRecordIsCommittedOnceThroughAKill(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("killed", 2);
        try (JobProcess job = start(kafka, topic)) {
            await().atMost(PATIENCE)
                    .until(() -> job.isOver() || !kafka.readAllCommitted(topic).isEmpty());
            job.kill();
        }
        assertThat(kafka.readAllCommitted(topic)).hasSizeBetween(1, COUNT - 1);

        try (JobProcess job = start(kafka, topic)) {
            assertThat(job.await()).isZero();
        }

        List<Answer> all = LongStream.rangeClosed(1, COUNT).mapToObj(Records::answer).toList();
        RecordCodec<Answer> codec = RecordCodec.of(Answer.class);
        assertThat(kafka.readAllCommitted(topic))
                .extracting(record -> codec.decode(record.value()))
                .containsExactlyInAnyOrderElementsOf(all);
    }

    private JobProcess start(KafkaCluster kafka, String topic) throws Exception {
        return JobProcess.start(kafka.bootstrapServers(), topic, COUNT, checkpoints);
    }
}
