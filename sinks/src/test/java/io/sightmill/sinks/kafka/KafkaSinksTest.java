package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class KafkaSinksTest {

    private static final KafkaSinkOptions OPTIONS =
            KafkaSinkOptions.exactlyOnce("localhost:9092", "job");

    @Test
    void everySinkCanBeShippedToItsWriters() {
        assertThat(
                        List.of(
                                KafkaSinks.answers(OPTIONS),
                                KafkaSinks.answerChunks(OPTIONS),
                                KafkaSinks.embeddings(OPTIONS),
                                KafkaSinks.rejections(OPTIONS)))
                .allMatch(InstantiationUtil::isSerializable);
    }
}
