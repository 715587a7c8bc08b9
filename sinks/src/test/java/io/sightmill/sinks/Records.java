package io.sightmill.sinks;

import io.sightmill.schema.Answer;
import io.sightmill.schema.Embedding;
import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Origin;
import io.sightmill.schema.Provenance;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.TaskKind;
import io.sightmill.schema.Timings;
import io.sightmill.schema.Usage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records for tests, told apart by a number. */
public final class Records {

    private Records() {}

    public static Answer answer(long number) {
        return Answer.newBuilder()
                .setRequestId("request-" + number)
                .setTaskId("task")
                .setKind(TaskKind.CLASSIFY)
                .setText("kötbullar " + number)
                .setLabelScores(Map.of("cat", 0.25, "dog", 0.75))
                .setFinishReason(FinishReason.LABEL)
                .setUsage(new Usage(576, 600, 0, 24))
                .setTimings(new Timings(1.0, 2.0, 3.0, 4.0, 5.0))
                .setProvenance(new Provenance("tiny", "aa", "bb", "cc", number))
                .setAttributes(Map.of("album", "summer"))
                .build();
    }

    public static Embedding embedding(long number) {
        return Embedding.newBuilder()
                .setRequestId("request-" + number)
                .setTaskId("task")
                .setImageSha256("bb")
                .setSource("projector-mean")
                .setVector(List.of(0.5f, -1.25f, number / 8f))
                .build();
    }

    /** A rejection of bytes that could not be decoded, so that nobody knows whose they were. */
    public static Rejection rejection() {
        return Rejection.newBuilder()
                .setStage(Stage.INGEST)
                .setReason(Reason.UNDECODABLE)
                .setMessage("no record")
                .setOrigin(new Origin("requests", 3, 17L))
                .setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .setRejectedAt(Instant.parse("2025-01-02T03:04:05.678Z"))
                .build();
    }
}
