package io.sightmill.local.cluster;

import io.sightmill.broker.testing.KafkaCluster;
import io.sightmill.schema.Answer;
import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.Topics;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Sends requests to a cluster's broker and reads what was committed. */
record TestRequests(KafkaCluster kafka) {

    private static final Path IMAGE = Path.of("examples/scene-01.png");
    private static final int TOKENS = 16;

    static TestRequests to(ProcessCluster cluster) {
        return new TestRequests(KafkaCluster.at(cluster.bootstrapServers()));
    }

    /** Sends a question about an example image. */
    void send(String topic, String requestId, String question) throws IOException {
        kafka.produce(
                topic,
                requestId,
                RecordCodec.of(VisionRequest.class).encode(request(requestId, question)));
    }

    /** The requests that the bulk lane answered, each as often as it did. */
    List<String> answered() {
        RecordCodec<Answer> answers = RecordCodec.of(Answer.class);
        return kafka.readAllCommitted(Topics.ANSWERS).stream()
                .map(kept -> answers.decode(kept.value()).getRequestId())
                .toList();
    }

    List<Rejection> rejections() {
        RecordCodec<Rejection> rejections = RecordCodec.of(Rejection.class);
        return kafka.readAllCommitted(Topics.REJECTIONS).stream()
                .map(kept -> rejections.decode(kept.value()))
                .toList();
    }

    private static VisionRequest request(String requestId, String question) throws IOException {
        return VisionRequest.newBuilder()
                .setRequestId(requestId)
                .setImages(
                        List.of(
                                ImageSource.newBuilder()
                                        .setContent(ByteBuffer.wrap(Files.readAllBytes(IMAGE)))
                                        .build()))
                .setTasks(
                        List.of(
                                Task.newBuilder()
                                        .setTaskId("question")
                                        .setKind(TaskKind.ANSWER)
                                        .setMessages(List.of(new Message("user", question)))
                                        .setGeneration(
                                                Generation.newBuilder()
                                                        .setMaxNewTokens(TOKENS)
                                                        .build())
                                        .build()))
                .setCreatedAt(Instant.now())
                .build();
    }
}
