package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Answer;
import io.sightmill.sinks.Records;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobmanager.scheduler.CoLocationGroup;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class ExactlyOnceKafkaSinkTest {

    /** The attempt's name has the process in it, and Flink's backchannel is one of the process. */
    @Test
    void allPartsOfASubtaskRunInOneProcessEvenUnchained() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment
                .fromSequence(1, 10)
                .map(Records::answer)
                .returns(TypeInformation.of(Answer.class))
                .sinkTo(KafkaSinks.answers(KafkaSinkOptions.exactlyOnce("localhost:9092", "job")))
                .name("answers")
                .uid("answers")
                .disableChaining();

        Set<CoLocationGroup> groups = new HashSet<>();
        for (JobVertex vertex : environment.getStreamGraph().getJobGraph().getVertices()) {
            if (vertex.getName().startsWith("answers")) {
                groups.add(vertex.getCoLocationGroup());
            }
        }
        assertThat(groups).hasSize(1).doesNotContainNull();
    }
}
