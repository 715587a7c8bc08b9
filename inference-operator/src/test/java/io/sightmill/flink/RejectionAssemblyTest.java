package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.FinishReason;
import io.sightmill.schema.Reason;
import io.sightmill.schema.Rejection;
import io.sightmill.schema.Stage;
import io.sightmill.schema.codec.RecordCodec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RejectionAssemblyTest {

    private final RejectionAssembly assembly =
            new RejectionAssembly(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void everyWordOfTheEngineIsAWordOfTheSchema() {
        assertThat(names(Stage.values())).contains(names(io.sightmill.engine.Stage.values()));
        assertThat(names(Reason.values())).contains(names(io.sightmill.engine.Reason.values()));
        assertThat(names(FinishReason.values()))
                .contains(names(io.sightmill.engine.FinishReason.values()));
    }

    @Test
    void theRecordCanBeFoundAgain() {
        byte[] value = {1, 2, 3};

        Rejection rejection = reject(value, "why");

        assertThat(rejection.getOrigin().getTopic()).isEqualTo("topic");
        assertThat(rejection.getOrigin().getPartition()).isEqualTo(4);
        assertThat(rejection.getOrigin().getOffset()).isEqualTo(5);
        assertThat(rejection.getPayloadSha256()).isEqualTo(Digest.of(value));
        assertThat(rejection.getPayload().array()).isEqualTo(value);
        assertThat(rejection.getRejectedAt()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void messageAndPayloadAreBounded() {
        byte[] large = new byte[100_000];

        Rejection rejection = reject(large, "x".repeat(999) + "\uD83D\uDE00 and more");
        Rejection read =
                RecordCodec.of(Rejection.class)
                        .decode(RecordCodec.of(Rejection.class).encode(rejection));

        assertThat(read.getMessage()).isEqualTo("x".repeat(999));
        assertThat(read.getPayload().remaining()).isEqualTo(64 << 10);
        assertThat(read.getPayloadSha256()).isEqualTo(Digest.of(large));
    }

    private Rejection reject(byte[] value, String message) {
        return assembly.rejection(
                new IncomingRecord(value, "topic", 4, 5),
                new RecordRejectedException(
                        Stage.PREPROCESS, Reason.UNDECODABLE, null, message, null));
    }

    private static String[] names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).toArray(String[]::new);
    }
}
