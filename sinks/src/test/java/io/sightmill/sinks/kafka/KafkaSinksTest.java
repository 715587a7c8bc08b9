package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Topics;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void noTransactionalIdBeginsLikeThatOfAnotherSinkOrLane() {
        List<String> prefixes =
                Stream.of("job", "job-live", "job.live", "job-" + Topics.ANSWERS)
                        .map(prefix -> KafkaSinkOptions.exactlyOnce("localhost:9092", prefix))
                        .flatMap(
                                options ->
                                        Stream.of(Topics.ANSWERS, Topics.ANSWERS + ".chunks")
                                                .map(
                                                        topic ->
                                                                KafkaSinks.transactionalIdPrefix(
                                                                        options, topic)))
                        .toList();

        assertThat(prefixes)
                .allSatisfy(
                        prefix ->
                                assertThat(prefixes)
                                        .filteredOn(other -> other.startsWith(prefix))
                                        .containsExactly(prefix));
    }
}
