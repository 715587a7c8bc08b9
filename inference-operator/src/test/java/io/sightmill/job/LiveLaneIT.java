package io.sightmill.job;

import static io.sightmill.flink.Requests.ask;
import static io.sightmill.flink.Requests.bytes;
import static io.sightmill.flink.Requests.request;
import static io.sightmill.job.JobUnderTest.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.BrokerOptions;
import io.sightmill.broker.EmbeddedBroker;
import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.flink.ScriptedModel;
import io.sightmill.schema.Answer;
import io.sightmill.schema.AnswerChunk;
import io.sightmill.schema.Task;
import io.sightmill.schema.Timings;
import io.sightmill.schema.Topics;
import io.sightmill.schema.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a reader of the live lane sees, on a real broker, through a failure of the engine. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LiveLaneIT {

    private static final int REQUESTS = 5;
    private static final int TOKENS = 100;

    @TempDir private Path directory;

    private final String run = "live-" + UUID.randomUUID();

    private EmbeddedBroker broker;
    private KafkaCluster kafka;

    /** A broker of their own: another job's open transaction would hide what these jobs commit. */
    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
        kafka = KafkaCluster.at(broker.bootstrapServers());
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void aLiveAnswerIsVisibleAtOnceAndABulkOneWithTheCheckpoint() throws Exception {
        try (JobUnderTest job =
                JobUnderTest.start(
                        kafka, directory.resolve("checkpoints"), "--checkpoint-interval", "1h")) {
            send(kafka, Topics.REQUESTS_BULK, "bulk");
            send(kafka, Topics.REQUESTS_LIVE, "live");

            await().atMost(PATIENCE).until(() -> answers(job, Topics.ANSWERS_LIVE).size() == 1);
            await().atMost(PATIENCE).until(() -> job.model().decodedTokens() >= 2 * (TOKENS - 1));
            assertThat(answers(job, Topics.ANSWERS)).isEmpty();

            job.checkpoint();
            await().atMost(PATIENCE).until(() -> answers(job, Topics.ANSWERS).size() == 1);
        }
    }

    @Test
    void afterAFailureALiveAnswerComesAgainWithTheSameKeyAndContent() throws Exception {
        try (JobUnderTest job =
                JobUnderTest.start(
                        kafka, directory.resolve("checkpoints"), "--checkpoint-interval", "1h")) {
            generateThroughAFailure(kafka, job);

            int repeated = 2 * REQUESTS + 1;
            await().atMost(PATIENCE)
                    .until(() -> answers(job, Topics.ANSWERS_LIVE).size() == repeated);
            assertThat(answersByKey(job)).isEqualTo(expected(REQUESTS + 1));

            List<AnswerChunk> chunks = chunks(job);
            Map<String, Map<Integer, AnswerChunk>> distinct = distinct(chunks);
            // A checkpoint was taken on the way: what it held was not streamed again.
            assertThat(chunks)
                    .hasSizeGreaterThan((REQUESTS + 1) * (TOKENS + 1))
                    .hasSizeLessThan((2 * REQUESTS + 1) * (TOKENS + 1));
            assertThat(distinct).hasSize(REQUESTS + 1);
            distinct.forEach((key, each) -> assertThat(textOf(each)).isEqualTo(text(key)));
        }
    }

    @Test
    void exactlyOnceTheReaderSeesNoRepeat() throws Exception {
        try (JobUnderTest job =
                JobUnderTest.start(
                        kafka,
                        directory.resolve("checkpoints"),
                        "--checkpoint-interval",
                        "1h",
                        "--live-delivery",
                        "exactly-once")) {
            send(kafka, Topics.REQUESTS_LIVE, "0");
            await().atMost(PATIENCE).until(() -> lastChunks(job) == 1);
            assertThat(answers(job, Topics.ANSWERS_LIVE)).isEmpty();

            job.model().failNextCall();
            send(kafka, Topics.REQUESTS_LIVE, "1");
            // Both streamed to their ends, the first one twice.
            await().atMost(PATIENCE).until(() -> lastChunks(job) == 3);
            job.checkpoint();

            await().atMost(PATIENCE).until(() -> !answers(job, Topics.ANSWERS_LIVE).isEmpty());
            assertThat(answers(job, Topics.ANSWERS_LIVE)).hasSize(2);
            assertThat(answersByKey(job)).isEqualTo(expected(2));
        }
    }

    /** Answers are out, the checkpoint before them holds their first tokens, the engine fails. */
    private void generateThroughAFailure(KafkaCluster kafka, JobUnderTest job) throws Exception {
        job.model().stepTakes(Duration.ofMillis(10));
        for (int index = 0; index < REQUESTS; index++) {
            send(kafka, Topics.REQUESTS_LIVE, Integer.toString(index));
        }
        await().atMost(PATIENCE).until(() -> job.model().decodedTokens() >= 20 * REQUESTS);
        job.checkpoint();
        await().atMost(PATIENCE).until(() -> answers(job, Topics.ANSWERS_LIVE).size() == REQUESTS);
        job.model().failNextCall();
        send(kafka, Topics.REQUESTS_LIVE, Integer.toString(REQUESTS));
    }

    private void send(KafkaCluster kafka, String topic, String name) {
        Task task = ask("t", name, TOKENS);
        task.setStream(true);
        kafka.produce(topic, null, bytes(request(run + "-" + name, task)));
    }

    private Map<String, String> expected(int requests) {
        Map<String, String> expected = new TreeMap<>();
        for (int index = 0; index < requests; index++) {
            String key = run + "-" + index;
            expected.put(key, text(key));
        }
        return expected;
    }

    private String text(String key) {
        return ScriptedModel.expectedText(key.substring(run.length() + 1), TOKENS);
    }

    /** What is left when repeats are dropped by their key; repeats that differ fail. */
    private Map<String, String> answersByKey(JobUnderTest job) {
        Map<String, Answer> byKey = new TreeMap<>();
        for (Answer answer : answers(job, Topics.ANSWERS_LIVE)) {
            // What was measured, and what a cache saved, is another run's.
            answer.setTimings(Timings.newBuilder().build());
            answer.setUsage(Usage.newBuilder(answer.getUsage()).setCachedTokens(0).build());
            Answer before = byKey.putIfAbsent(answer.getRequestId(), answer);
            assertThat(answer).isEqualTo(before == null ? answer : before);
        }
        Map<String, String> texts = new TreeMap<>();
        byKey.forEach((key, answer) -> texts.put(key, answer.getText()));
        return texts;
    }

    /** Chunks by request and index; repeats that differ fail. */
    private static Map<String, Map<Integer, AnswerChunk>> distinct(List<AnswerChunk> chunks) {
        Map<String, Map<Integer, AnswerChunk>> distinct = new TreeMap<>();
        for (AnswerChunk chunk : chunks) {
            AnswerChunk before =
                    distinct.computeIfAbsent(chunk.getRequestId(), any -> new TreeMap<>())
                            .putIfAbsent(chunk.getIndex(), chunk);
            assertThat(chunk).isEqualTo(before == null ? chunk : before);
        }
        return distinct;
    }

    private static String textOf(Map<Integer, AnswerChunk> chunks) {
        List<String> pieces = new ArrayList<>();
        for (int index = 0; index < chunks.size(); index++) {
            pieces.add(chunks.get(index).getText());
            assertThat(chunks.get(index).getLast()).isEqualTo(index == chunks.size() - 1);
        }
        return String.join("", pieces);
    }

    private long lastChunks(JobUnderTest job) {
        return chunks(job).stream().filter(AnswerChunk::getLast).count();
    }

    private List<AnswerChunk> chunks(JobUnderTest job) {
        return job.committed(Topics.ANSWER_CHUNKS, AnswerChunk.class).stream()
                .filter(chunk -> chunk.getRequestId().startsWith(run))
                .toList();
    }

    private List<Answer> answers(JobUnderTest job, String topic) {
        return job.committed(topic, Answer.class).stream()
                .filter(answer -> answer.getRequestId().startsWith(run))
                .toList();
    }
}
