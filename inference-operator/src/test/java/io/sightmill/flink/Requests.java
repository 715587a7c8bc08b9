package io.sightmill.flink;

import io.sightmill.schema.Generation;
import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Requests for tests. */
public final class Requests {

    private static final RecordCodec<VisionRequest> CODEC = RecordCodec.of(VisionRequest.class);

    private Requests() {}

    /** A request with one inline image. */
    public static VisionRequest request(String requestId, Task... tasks) {
        return VisionRequest.newBuilder()
                .setRequestId(requestId)
                .setImages(List.of(image("picture of " + requestId)))
                .setTasks(List.of(tasks))
                .setCreatedAt(Instant.EPOCH)
                .build();
    }

    public static ImageSource image(String content) {
        return ImageSource.newBuilder()
                .setContent(ByteBuffer.wrap(content.getBytes(StandardCharsets.ISO_8859_1)))
                .build();
    }

    public static Task ask(String taskId, String question, int tokens) {
        return Task.newBuilder()
                .setTaskId(taskId)
                .setKind(TaskKind.ANSWER)
                .setMessages(List.of(new Message("user", question)))
                .setGeneration(Generation.newBuilder().setMaxNewTokens(tokens).setSeed(7).build())
                .build();
    }

    public static Task caption(String taskId) {
        return Task.newBuilder()
                .setTaskId(taskId)
                .setKind(TaskKind.CAPTION)
                .setGeneration(Generation.newBuilder().setMaxNewTokens(3).build())
                .build();
    }

    public static Task classify(String taskId, String question, String... labels) {
        return Task.newBuilder()
                .setTaskId(taskId)
                .setKind(TaskKind.CLASSIFY)
                .setMessages(List.of(new Message("user", question)))
                .setLabels(List.of(labels))
                .build();
    }

    public static Task embed(String taskId) {
        return Task.newBuilder().setTaskId(taskId).setKind(TaskKind.EMBED).build();
    }

    public static byte[] bytes(VisionRequest request) {
        return CODEC.encode(request);
    }

    /** The request as it stands in a lane topic. */
    public static IncomingRecord record(long offset, VisionRequest request) {
        return new IncomingRecord(bytes(request), "requests", 0, offset);
    }
}
