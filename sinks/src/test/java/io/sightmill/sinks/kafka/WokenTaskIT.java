package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.broker.testing.KafkaExtension;
import io.sightmill.schema.Answer;
import io.sightmill.schema.codec.RecordCodec;
import io.sightmill.sinks.Records;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.connector.sink2.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A process that was stopped is given up, its tasks start elsewhere, and then it goes on with what
 * lies in its sockets: the barrier of a checkpoint that everybody else has forgotten.
 */
@ExtendWith(KafkaExtension.class)
class WokenTaskIT {

    private static final JobID JOB = new JobID();

    @Test
    void cannotTouchWhatTheNextAttemptPrepared(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("woken", 1);

        playNextAttempt(sink(kafka, topic), JOB, 1);

        assertThat(committed(kafka, topic)).containsExactly(Records.answer(1), Records.answer(2));
    }

    @Test
    void cannotTouchWhatAJobThatWasSubmittedAgainPrepared(KafkaCluster kafka) throws Exception {
        String topic = kafka.createUniqueTopic("woken", 1);

        playNextAttempt(sink(kafka, topic), new JobID(), 0);

        assertThat(committed(kafka, topic)).containsExactly(Records.answer(1), Records.answer(2));
    }

    private static void playNextAttempt(Sink<Answer> sink, JobID job, int attemptNumber)
            throws Exception {
        try (TaskAttempt asleep = TaskAttempt.first(sink, JOB)) {
            asleep.write(Records.answer(1));
            asleep.barrier(1);
            asleep.complete();
            asleep.barrier(2);
            asleep.complete();
            try (TaskAttempt awake = TaskAttempt.after(asleep, 2, sink, job, attemptNumber)) {
                awake.write(Records.answer(2));

                asleep.barrier(3);

                awake.barrier(3);
                awake.complete();
            }
        }
    }

    private static Sink<Answer> sink(KafkaCluster kafka, String topic) {
        return KafkaSinks.of(
                KafkaSinkOptions.exactlyOnce(kafka.bootstrapServers(), "woken"),
                Answer.class,
                topic);
    }

    private static List<Answer> committed(KafkaCluster kafka, String topic) {
        RecordCodec<Answer> codec = RecordCodec.of(Answer.class);
        return kafka.readAllCommitted(topic).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }
}
