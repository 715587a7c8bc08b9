package io.sightmill.schema;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** One record of every type with every field set to something that is not its default. */
public final class Examples {

    private static final String TRACEPARENT =
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Instant MORNING = Instant.parse("2026-03-01T08:00:00.123Z");
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private Examples() {}

    /** All of them. */
    public static List<SpecificRecordBase> all() {
        return List.of(request(), answer(), chunk(), embedding(), rejection(), instruction());
    }

    public static VisionRequest request() {
        return VisionRequest.newBuilder()
                .setRequestId("request-1")
                .setImages(List.of(inline(), byReference()))
                .setTasks(List.of(task()))
                .setLane(Lane.LIVE)
                .setTenant("tenant-1")
                .setCreatedAt(MORNING)
                .setDeadline(MORNING.plusSeconds(5))
                .setAttributes(Map.of("path", "/photos/ä.png"))
                .build();
    }

    private static ImageSource inline() {
        return ImageSource.newBuilder()
                .setContent(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .setMediaType("image/png")
                .setSha256(DIGEST)
                .build();
    }

    private static ImageSource byReference() {
        return ImageSource.newBuilder().setUri("s3://bucket/photo.jpg").build();
    }

    private static Task task() {
        return Task.newBuilder()
                .setTaskId("task-1")
                .setKind(TaskKind.CLASSIFY)
                .setMessages(List.of(new Message("user", "Is this safe?")))
                .setInstruction("safety")
                .setLabels(List.of("yes", "no"))
                .setGeneration(
                        new Generation(
                                7,
                                0.5,
                                0.9,
                                40,
                                11L,
                                List.of("\n"),
                                2,
                                List.of(new TokenBias(5, -1.5)),
                                1.1,
                                3))
                .build();
    }

    public static Answer answer() {
        return Answer.newBuilder()
                .setRequestId("request-1")
                .setTaskId("task-1")
                .setKind(TaskKind.CLASSIFY)
                .setText("yes")
                .setLabelScores(Map.of("yes", 0.75, "no", 0.25))
                .setFinishReason(FinishReason.LABEL)
                .setTokenLogProbabilities(
                        List.of(
                                new TokenLogProbability(
                                        5, -0.5, List.of(new LikelyToken(5, -0.5, "a")), "a")))
                .setUsage(new Usage(576, 600, 12, 3))
                .setTimings(new Timings(1.5, 2.5, 3.5, 4.5, 5.5))
                .setProvenance(new Provenance("tiny", DIGEST, DIGEST, DIGEST, 11L))
                .setAttributes(Map.of("path", "/photos/ä.png"))
                .setTraceparent(TRACEPARENT)
                .build();
    }

    public static AnswerChunk chunk() {
        return new AnswerChunk("request-1", "task-1", 3, "a piece", true, TRACEPARENT);
    }

    public static Embedding embedding() {
        return Embedding.newBuilder()
                .setRequestId("request-1")
                .setTaskId("task-1")
                .setImageSha256(DIGEST)
                .setSource("projector-mean")
                .setVector(List.of(0.25f, -1f, Float.MIN_VALUE))
                .setModel("tiny")
                .setWeightsSha256(DIGEST)
                .setAttributes(Map.of("path", "/photos/ä.png"))
                .setTraceparent(TRACEPARENT)
                .build();
    }

    public static Rejection rejection() {
        return Rejection.newBuilder()
                .setRequestId("request-1")
                .setStage(Stage.PREPROCESS)
                .setReason(Reason.CORRUPT_IMAGE)
                .setMessage("the file ends early; send it again")
                .setOrigin(new Origin(Topics.REQUESTS, 3, 17L))
                .setPayloadSha256(DIGEST)
                .setPayload(ByteBuffer.wrap(new byte[] {4, 5}))
                .setAttributes(Map.of("path", "/photos/ä.png"))
                .setRejectedAt(MORNING)
                .setTraceparent(TRACEPARENT)
                .build();
    }

    public static Instruction instruction() {
        return new Instruction("safety", List.of(new Message("user", "Is this safe?")), 4L);
    }
}
