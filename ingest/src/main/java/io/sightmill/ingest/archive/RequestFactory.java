package io.sightmill.ingest.archive;

import io.sightmill.schema.ImageSource;
import io.sightmill.schema.Message;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.Task;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.VisionRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Makes a file into a request for its caption. What the bytes are is not judged here: an empty file
 * or one that is no image goes its way through the pipeline. Thread-safe.
 */
public final class RequestFactory {

    /** The id of the only task of a caption request. */
    public static final String TASK_ID = "caption";

    /** The attribute that carries the file's absolute path. */
    public static final String PATH_ATTRIBUTE = "path";

    private final CaptionOptions options;
    private final InstantSource clock;

    public RequestFactory(CaptionOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** Reads the file, at most one byte more of it than the limit. */
    public ReadImage read(Path path) {
        Path file = path.toAbsolutePath().normalize();
        try {
            if (Files.isDirectory(file)) {
                return unavailable(file, "is a folder that cannot be listed; check permissions");
            }
            // A pipe would keep the reader waiting for ever.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return unavailable(file, "is no regular file; name an image file");
            }
            return read(file, Files.newInputStream(file));
        } catch (NoSuchFileException exception) {
            return unavailable(file, "does not exist; check the name");
        } catch (AccessDeniedException exception) {
            return unavailable(file, "may not be read; check its permissions");
        } catch (IOException exception) {
            return unavailable(file, "cannot be read: " + exception.getMessage());
        }
    }

    private ReadImage read(Path file, InputStream stream) throws IOException {
        try (stream) {
            byte[] content = stream.readNBytes(options.maxImageBytes() + 1);
            return content.length > options.maxImageBytes()
                    ? tooLarge(file)
                    : new ReadImage.Requested(request(file, content));
        }
    }

    private VisionRequest request(Path file, byte[] content) {
        String sha256 = RequestId.sha256(content);
        Instant now = clock.instant();
        ImageSource image =
                ImageSource.newBuilder()
                        .setContent(ByteBuffer.wrap(content))
                        .setSha256(sha256)
                        .build();
        return VisionRequest.newBuilder()
                .setRequestId(RequestId.ofCaption(file, sha256, options))
                .setImages(List.of(image))
                .setTasks(List.of(task()))
                .setLane(options.lane())
                .setCreatedAt(now)
                .setDeadline(deadline(now))
                .setAttributes(attributes(file))
                .build();
    }

    private Instant deadline(Instant now) {
        return options.timeToDeadline() == null ? null : now.plus(options.timeToDeadline());
    }

    private Task task() {
        String instruction = options.instruction();
        return Task.newBuilder()
                .setTaskId(TASK_ID)
                .setKind(options.labels().isEmpty() ? TaskKind.CAPTION : TaskKind.CLASSIFY)
                .setLabels(options.labels())
                .setMessages(
                        instruction == null ? List.of() : List.of(new Message("user", instruction)))
                .setGeneration(options.generation())
                .build();
    }

    private ReadImage tooLarge(Path file) throws IOException {
        long bytes = Files.size(file);
        String message =
                file
                        + " has "
                        + bytes
                        + " bytes and may have "
                        + options.maxImageBytes()
                        + "; make it smaller or raise the limit";
        return rejected(file, bytes + " bytes", Reason.TOO_LARGE, message);
    }

    private ReadImage unavailable(Path file, String why) {
        return rejected(file, "unavailable", Reason.IMAGE_UNAVAILABLE, file + " " + why);
    }

    private ReadImage rejected(Path file, String content, Reason reason, String message) {
        return new ReadImage.Rejected(
                Rejection.newBuilder()
                        .setRequestId(RequestId.ofCaption(file, content, options))
                        .setStage(Stage.READ)
                        .setReason(reason)
                        .setMessage(message.substring(0, Math.min(message.length(), 1000)))
                        .setAttributes(attributes(file))
                        .setRejectedAt(clock.instant())
                        .build());
    }

    private static Map<String, String> attributes(Path file) {
        return Map.of(PATH_ATTRIBUTE, file.toString());
    }
}
