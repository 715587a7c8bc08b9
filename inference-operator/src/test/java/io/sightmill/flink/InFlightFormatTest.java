package io.sightmill.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.schema.Embedding;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InFlightFormatTest {

    private static final IncomingRecord RECORD =
            new IncomingRecord(new byte[] {1, 2}, "topic", 3, 4, new byte[] {5});

    private static final String WEIGHTS = "a".repeat(64);

    @Test
    void recordTokensAndOutcomesComeBack() throws IOException {
        Embedding embedding =
                Embedding.newBuilder()
                        .setRequestId("r")
                        .setTaskId("e")
                        .setImageSha256("0".repeat(64))
                        .setSource("projector-mean")
                        .setVector(List.of(1f, 2f))
                        .build();
        Map<String, TaskProgress> tasks = new LinkedHashMap<>();
        tasks.put("running", new TaskProgress(new int[] {7, 8, 9}, null));
        tasks.put("e", new TaskProgress(new int[0], TaskOutcome.of(List.of(embedding))));

        InFlightRequest read =
                InFlightFormat.read(
                        InFlightFormat.write(new InFlightRequest(6, RECORD, tasks, ""), WEIGHTS));

        assertThat(read.arrival()).isEqualTo(6);
        assertThat(read.record()).usingRecursiveComparison().isEqualTo(RECORD);
        assertThat(read.tasks()).containsOnlyKeys("running", "e");
        assertThat(read.task("running").tokens()).containsExactly(7, 8, 9);
        assertThat(read.task("running").isFinished()).isFalse();
        assertThat(read.forgetTokensOfOthersThan(WEIGHTS)).isZero();
        assertThat(read.task("e").outcome().embeddings()).containsExactly(embedding);
    }

    @Test
    void aVersionThatIsNotKnownIsAnErrorThatSaysWhatToDo() throws IOException {
        byte[] newer = InFlightFormat.write(new InFlightRequest(1, RECORD), WEIGHTS);
        newer[0] = 99;

        assertThatThrownBy(() -> InFlightFormat.read(newer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 99")
                .hasMessageContaining("restore it with");
    }

    @Test
    void stateThatIsCutShortIsAnError() throws IOException {
        byte[] whole = InFlightFormat.write(new InFlightRequest(1, RECORD), WEIGHTS);

        assertThatThrownBy(() -> InFlightFormat.read(Arrays.copyOf(whole, whole.length - 5)))
                .isInstanceOf(EOFException.class);
    }
}
