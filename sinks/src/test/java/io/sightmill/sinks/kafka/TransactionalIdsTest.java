package io.sightmill.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.Topics;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.junit.jupiter.api.Test;

class TransactionalIdsTest {

    private static final JobID JOB = new JobID();
    private static final String SINK = TransactionalIds.ofSink("job", Topics.ANSWERS);

    @Test
    void noTwoAttemptsShareAnId() {
        List<String> prefixes =
                Stream.of(
                                ids(JOB, 0, 0),
                                ids(JOB, 1, 0),
                                ids(JOB, 0, 1),
                                ids(JOB, 0, 10),
                                ids(new JobID(), 0, 0))
                        .map(TransactionalIds::prefix)
                        .toList();

        assertThat(prefixes)
                .allSatisfy(
                        prefix ->
                                assertThat(prefixes)
                                        .filteredOn(other -> other.startsWith(prefix))
                                        .containsExactly(prefix));
    }

    @Test
    void writerAndCommitterOfAnAttemptHaveTheSame() {
        assertThat(ids(JOB, 3, 7)).isEqualTo(ids(JOB, 3, 7));
    }

    @Test
    void whatOtherAttemptsLeftIsLookedAfterByOneSubtaskOnly() {
        List<String> left =
                IntStream.range(0, 5)
                        .mapToObj(subtask -> ids(new JobID(), subtask, 2).prefix() + "-0-1")
                        .toList();

        assertThat(left)
                .allSatisfy(
                        id ->
                                assertThat(IntStream.range(0, 2))
                                        .filteredOn(
                                                subtask -> ids(JOB, subtask, 0).isForeign(id, 2))
                                        .hasSize(1));
    }

    @Test
    void whatEarlierVersionsLeftIsLookedAfter() {
        assertThat(ids(JOB, 1, 0).isForeign(SINK + ":-3-0", 2)).isTrue();
        assertThat(ids(JOB, 0, 0).isForeign(SINK + ":-3-0", 2)).isFalse();
    }

    @Test
    void neitherItsOwnNorItsSiblingsNorOtherSinksAreForeign() {
        TransactionalIds own = ids(JOB, 0, 1);

        assertThat(
                        Stream.of(
                                own.prefix() + "-0-0",
                                ids(JOB, 1, 1).prefix() + "-1-0",
                                SINK + ".live/0/0123456789abcdef-0-0",
                                "other-" + SINK + "/0/0123456789abcdef-0-0",
                                SINK + "/x/0123456789abcdef-0-0",
                                SINK + "/0/0123456789abcdef",
                                SINK + "/99999999999/0123456789abcdef-0-0",
                                SINK))
                .noneMatch(id -> own.isForeign(id, 2));
    }

    @Test
    void noSinkLooksAfterThoseOfAnotherSinkOrLane() {
        List<String> sinks =
                Stream.of("job", "job-live", "job.live", "job-" + Topics.ANSWERS)
                        .flatMap(
                                job ->
                                        Stream.of(Topics.ANSWERS, Topics.ANSWERS + ".live")
                                                .map(topic -> TransactionalIds.ofSink(job, topic)))
                        .toList();

        assertThat(sinks)
                .allSatisfy(
                        sink ->
                                assertThat(sinks)
                                        .filteredOn(
                                                other ->
                                                        new TransactionalIds(sink, 0, "a")
                                                                .isForeign(other + "/0/b-0-0", 1))
                                        .containsExactly(sink));
    }

    private static TransactionalIds ids(JobID job, int subtask, int attempt) {
        TaskInfo task = new TaskInfoImpl("sink", 128, subtask, 128, attempt);
        return TransactionalIds.of(SINK, job, task);
    }
}
