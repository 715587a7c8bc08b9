package io.sightmill.ingest;

import static io.sightmill.ingest.Requests.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.schema.VisionRequest;
import io.sightmill.schema.codec.RecordCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A requestId passes once within the window, and again after it. */
class DeduplicationTest {

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final Map<String, String> SETTINGS =
            Map.of("deduplication.window", WINDOW.toString());

    @TempDir private Path state;
    private IngestHarness ingest;

    @BeforeEach
    void start() {
        ingest = IngestHarness.in(state, SETTINGS);
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    @Test
    void dropsAndCountsARepeatWithinTheWindow() {
        ingest.send(valid("request-1"));
        ingest.clock.advance(WINDOW.minusMillis(1));

        ingest.send(valid("request-1"));

        assertThat(ingest.bulk()).hasSize(1);
        assertThat(ingest.rejections()).isEmpty();
        assertThat(ingest.repeatsDropped()).isEqualTo(1);
    }

    @Test
    void letsTheSameIdThroughAfterTheWindow() {
        ingest.send(valid("request-1"));
        ingest.clock.advance(WINDOW);

        ingest.send(valid("request-1"));

        assertThat(ingest.bulk()).hasSize(2);
        assertThat(ingest.repeatsDropped()).isZero();
    }

    @Test
    void doesNotProlongTheWindowByRepeats() {
        ingest.send(valid("request-1"));
        ingest.clock.advance(WINDOW.minusMillis(1));
        ingest.send(valid("request-1"));
        ingest.clock.advance(Duration.ofMillis(1));

        ingest.send(valid("request-1"));

        assertThat(ingest.bulk()).hasSize(2);
    }

    @Test
    void dropsARepeatWhateverElseItSays() {
        VisionRequest other = valid("request-1");
        other.setTasks(List.of(Requests.answer("other")));
        ingest.send(valid("request-1"));

        ingest.send(other);

        assertThat(ingest.bulk()).containsExactly(valid("request-1"));
    }

    @Test
    void letsOtherIdsThrough() {
        ingest.send(valid("request-1"));
        ingest.send(valid("request-2"));

        assertThat(ingest.bulk()).hasSize(2);
    }

    @Test
    void doesNotRememberARejectedRequest() {
        ingest.send(Requests.with(bad -> bad.setImages(List.of())));

        ingest.send(valid("request-1"));

        assertThat(ingest.rejections()).hasSize(1);
        assertThat(ingest.bulk()).hasSize(1);
    }

    @Test
    void isNotEmptiedByASendersTimestampFromTheFuture() {
        byte[] other = RecordCodec.of(VisionRequest.class).encode(valid("request-2"));
        ingest.send(valid("request-1"));
        Instant future = Requests.NOW.plus(Duration.ofDays(1000));
        ingest.send(new TestRecord<>("request-2", other, future));

        ingest.send(valid("request-1"));

        assertThat(ingest.repeatsDropped()).isEqualTo(1);
    }

    @Test
    void knowsAnIdSeenByAClockThatWasAhead() {
        ingest.send(valid("request-1"));
        ingest.clock.advance(Duration.ofMinutes(-5));

        ingest.send(valid("request-1"));

        assertThat(ingest.repeatsDropped()).isEqualTo(1);
    }
}
