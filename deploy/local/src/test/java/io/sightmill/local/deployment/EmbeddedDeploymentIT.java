package io.sightmill.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.llava.ImageReading;
import io.sightmill.llava.LoadOptions;
import io.sightmill.llava.Precision;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Instruction;
import io.sightmill.schema.Lane;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of task through broker, ingest, job and the real model, as a Kafka user sends them.
 */
class EmbeddedDeploymentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path MODEL = Path.of("model/sightmill-tiny");
    private static final Path IMAGE = Path.of("examples/scene-01.png");

    @TempDir private Path directory;

    @Test
    void allTasksOfARequestAreCommittedTogetherAndBytesThatAreNoRequestAreRejected()
            throws IOException {
        DeploymentOptions options =
                new DeploymentOptions(
                        new DataDirectory(directory),
                        MODEL,
                        ImageReading.defaults(),
                        Precision.FLOAT32,
                        Optional.empty(),
                        LoadOptions.defaults(),
                        Duration.ofMillis(300),
                        Optional.empty());
        try (EmbeddedDeployment deployment = EmbeddedDeployment.start(options)) {
            KafkaCluster kafka = KafkaCluster.at(deployment.bootstrapServers());
            produce(kafka, Topics.INSTRUCTIONS, "colour", instruction());
            kafka.produce(Topics.REQUESTS, "noise", "no request".getBytes(StandardCharsets.UTF_8));

            produce(kafka, Topics.REQUESTS, "r1", request());

            Map<String, Answer> answers =
                    read(kafka, Topics.ANSWERS_LIVE, Answer.class, 3).stream()
                            .collect(Collectors.toMap(Answer::getTaskId, Function.identity()));
            assertAnswers(answers);
            assertEmbedding(read(kafka, Topics.EMBEDDINGS_LIVE, Embedding.class, 1), deployment);
            assertUndecodable(read(kafka, Topics.REJECTIONS, Rejection.class, 1));
            assertThat(deployment.failure()).isEmpty();
        }
    }

    private static void assertAnswers(Map<String, Answer> answers) {
        assertThat(answers).containsOnlyKeys("question", "named", "labels");
        Answer question = answers.get("question");
        assertThat(question.getFinishReason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
        assertThat(question.getUsage().getImageTokens()).isEqualTo(64);
        assertThat(question.getUsage().getPromptTokens()).isGreaterThan(64);
        assertThat(question.getText()).isNotBlank();
        assertThat(answers.get("named").getText())
                .as("the same question by name gets the same answer")
                .isEqualTo(question.getText());
        Answer labels = answers.get("labels");
        assertThat(labels.getFinishReason()).isEqualTo(FinishReason.LABEL);
        assertThat(labels.getLabelScores()).containsOnlyKeys("red", "dark green");
        assertThat(labels.getLabelScores().values().stream().mapToDouble(each -> each).sum())
                .isCloseTo(1, within(1e-9));
        assertThat(labels.getLabelScores().get(labels.getText())).isGreaterThanOrEqualTo(0.5);
    }

    private static void assertEmbedding(List<Embedding> embeddings, EmbeddedDeployment deployment) {
        assertThat(embeddings).hasSize(1);
        assertThat(embeddings.get(0).getVector()).hasSize(160).allMatch(Float::isFinite);
        assertThat(embeddings.get(0).getWeightsSha256())
                .isEqualTo(deployment.model().weightsSha256());
    }

    private static void assertUndecodable(List<Rejection> rejections) {
        assertThat(rejections).hasSize(1);
        assertThat(rejections.get(0).getStage()).isEqualTo(Stage.INGEST);
        assertThat(rejections.get(0).getReason()).isEqualTo(Reason.UNDECODABLE);
        assertThat(rejections.get(0).getOrigin().getTopic()).isEqualTo(Topics.REQUESTS);
    }

    private static Instruction instruction() {
        return Instruction.newBuilder()
                .setName("colour")
                .setMessages(List.of(new Message("user", "What colour is it?")))
                .build();
    }

    private static VisionRequest request() throws IOException {
        List<Message> question = List.of(new Message("user", "What colour is it?"));
        Generation brief = Generation.newBuilder().setMaxNewTokens(6).build();
        return VisionRequest.newBuilder()
                .setRequestId("r1")
                .setImages(
                        List.of(
                                ImageSource.newBuilder()
                                        .setContent(ByteBuffer.wrap(Files.readAllBytes(IMAGE)))
                                        .build()))
                .setTasks(
                        List.of(
                                task("question", TaskKind.ANSWER, brief)
                                        .setMessages(question)
                                        .build(),
                                task("named", TaskKind.ANSWER, brief)
                                        .setInstruction("colour")
                                        .build(),
                                task("labels", TaskKind.CLASSIFY, brief)
                                        .setMessages(question)
                                        .setLabels(List.of("red", "dark green"))
                                        .build(),
                                task("vector", TaskKind.EMBED, brief).build()))
                .setLane(Lane.LIVE)
                .setCreatedAt(Instant.now())
                .build();
    }

    private static Task.Builder task(String taskId, TaskKind kind, Generation generation) {
        return Task.newBuilder().setTaskId(taskId).setKind(kind).setGeneration(generation);
    }

    @SuppressWarnings("unchecked")
    private static <T extends SpecificRecordBase> void produce(
            KafkaCluster kafka, String topic, String key, T value) {
        RecordCodec<T> codec = RecordCodec.of((Class<T>) value.getClass());
        kafka.produce(topic, key, codec.encode(value));
    }

    /** As many committed records as are expected, or the test fails when patience ends. */
    private static <T extends SpecificRecordBase> List<T> read(
            KafkaCluster kafka, String topic, Class<T> type, int expected) {
        RecordCodec<T> codec = RecordCodec.of(type);
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                kafka.readAllCommitted(topic).stream()
                                        .map(kept -> codec.decode(kept.value()))
                                        .toList(),
                        records -> records.size() >= expected);
    }
}
