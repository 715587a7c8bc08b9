package io.sightmill.ingest;

import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Requests for tests: valid ones, to be spoiled in one respect. */
public final class Requests {

    public static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    private Requests() {}

    /** A request with one inline image and one ANSWER task. */
    public static VisionRequest valid(String requestId) {
        return VisionRequest.newBuilder()
                .setRequestId(requestId)
                .setImages(List.of(inline(1, 2, 3)))
                .setTasks(List.of(answer("task-1")))
                .setCreatedAt(NOW)
                .build();
    }

    /** The valid request after the change. */
    public static VisionRequest with(Consumer<VisionRequest> change) {
        VisionRequest request = valid("request-1");
        change.accept(request);
        return request;
    }

    /** The valid request whose only task is changed. */
    public static VisionRequest withTask(Consumer<Task> change) {
        Task task = answer("task-1");
        change.accept(task);
        return with(request -> request.setTasks(List.of(task)));
    }

    /** The valid request whose only task is a CLASSIFY with these labels. */
    public static VisionRequest withLabels(String... labels) {
        return withTask(
                task -> {
                    task.setKind(TaskKind.CLASSIFY);
                    task.setLabels(List.of(labels));
                });
    }

    /** The valid request whose only image is changed. */
    public static VisionRequest withImage(Consumer<ImageSource> change) {
        ImageSource image = inline(1, 2, 3);
        change.accept(image);
        return with(request -> request.setImages(List.of(image)));
    }

    public static ImageSource inline(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int index = 0; index < bytes.length; index++) {
            content[index] = (byte) bytes[index];
        }
        return ImageSource.newBuilder().setContent(ByteBuffer.wrap(content)).build();
    }

    public static Task answer(String taskId) {
        return Task.newBuilder()
                .setTaskId(taskId)
                .setKind(TaskKind.ANSWER)
                .setMessages(List.of(user("What is this?")))
                .build();
    }

    public static Message user(String text) {
        return new Message("user", text);
    }
}
