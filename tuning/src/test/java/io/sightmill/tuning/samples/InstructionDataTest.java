package io.sightmill.tuning.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.llava.SampleEncoder;
import io.sightmill.llava.TrainingSample;
import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.MicroCheckpoint;
import io.sightmill.tuning.SmallData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstructionDataTest {

    @TempDir private static Path directory;
    private static SampleEncoder encoder;

    private final List<BadSample> bad = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        encoder =
                SampleEncoder.open(
                        MicroCheckpoint.in(directory.resolve("model")), Optional.of("llava_v1"));
        SmallData.writeImages(directory);
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void givesEachSampleAgainAsItWasMeasured() throws Exception {
        InstructionData data = open(SmallData.entries(6));

        assertThat(data.size()).isEqualTo(6);
        assertThat(bad).isEmpty();
        long learned = 0;
        for (int index = 5; index >= 0; index--) {
            TrainingSample sample = data.sample(index);
            assertThat(sample.length()).isEqualTo(data.length(index));
            assertThat(sample.sequence().images()).hasSize(1);
            assertThat(sample.learned()).isPositive();
            learned += sample.learned();
        }
        assertThat(data.learned()).isEqualTo(learned);
    }

    @Test
    void takesTheBeginningOfAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("begun.json"), SmallData.entries(6));
        Path twin = Files.writeString(directory.resolve("begun.json:2"), SmallData.entries(6));

        InstructionData beginning = open(List.of(InstructionSource.parse(file + ":4")));
        InstructionData more = open(List.of(InstructionSource.parse(file + ":7")));
        InstructionData named = open(List.of(InstructionSource.parse(twin.toString())));

        assertThat(beginning.size()).isEqualTo(4);
        assertThat(beginning.sample(3).length()).isEqualTo(more.sample(3).length());
        assertThat(more.size()).isEqualTo(6);
        assertThat(named.size()).isEqualTo(6);
        assertThatThrownBy(() -> InstructionSource.parse(file + ":0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begun.json: the number of entries is 0");
    }

    /** Time left is told from it: half of what is taken is half of the way. */
    @Test
    void progressIsOfWhatIsTaken() throws Exception {
        Path file = Files.writeString(directory.resolve("long.json"), SmallData.entries(4_096));
        List<Long> heard = new ArrayList<>();

        InstructionData.open(
                List.of(InstructionSource.parse(file + ":1024")),
                directory,
                encoder,
                256,
                bad::add,
                heard::add);

        long half = Files.size(file) / 2;
        assertThat(heard).first().isEqualTo(half);
        assertThat(heard).last().isEqualTo(Files.size(file));
    }

    @Test
    void readsEntriesOnePerLineToo() throws Exception {
        assertThat(open(String.join("\n", SmallData.list(4))).size()).isEqualTo(4);
    }

    @Test
    void reportsBadSamplesByFileAndIndexAndLeavesThemOut() throws Exception {
        List<String> entries = new ArrayList<>(SmallData.list(3));
        entries.add(1, SmallData.entry("missing.png", "<image> What?", "A cat."));
        entries.add(3, SmallData.entry("../red.png", "<image> What?", "A cat."));
        entries.add(SmallData.entry("red.png", "<image> What?", "A cat. ".repeat(200)));
        entries.add(SmallData.entry("red.png", "What?", "A cat."));

        InstructionData data = open("[" + String.join(",", entries) + "]");

        assertThat(data.size()).isEqualTo(3);
        assertThat(data.badSamples()).isEqualTo(4);
        assertThat(bad).extracting(BadSample::index).containsExactly(1L, 3L, 5L, 6L);
        assertThat(bad.get(0).problem()).contains("missing.png is missing");
        assertThat(bad.get(1).problem()).contains("outside");
        assertThat(bad.get(2).problem()).contains("at most 256 are allowed");
        assertThat(bad.get(3).problem()).contains("0 times <image>");
        assertThat(bad.get(0).toString()).contains("data.json: sample 1: ");
    }

    @Test
    void reportsWhereTheJsonBreaksAndKeepsWhatCameBefore() throws Exception {
        InstructionData data = open("[" + String.join(",", SmallData.list(2)) + ", {\"id\": 7,");

        assertThat(data.size()).isEqualTo(2);
        assertThat(bad).hasSize(1);
        assertThat(bad.get(0).index()).isEqualTo(2);
        assertThat(bad.get(0).problem()).contains("broken JSON at line 3, and nothing behind it");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = directory.resolve("none.json");
        assertThatThrownBy(() -> open(List.of(InstructionSource.whole(missing))))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining("none.json");
    }

    @Test
    void anImageThatTurnsOutBrokenIsABadSample() throws Exception {
        Files.write(directory.resolve("broken.png"), new byte[] {1, 2, 3});
        String entry = SmallData.entry("broken.png", "<image> What?", "A cat.");

        InstructionData data = open("[" + entry + "]");

        assertThatThrownBy(() -> data.sample(0))
                .isInstanceOf(BadSampleException.class)
                .hasMessageContaining("broken.png cannot be used");
    }

    private InstructionData open(String json) throws IOException {
        Path file = Files.writeString(directory.resolve("data.json"), json);
        return open(List.of(InstructionSource.whole(file)));
    }

    private InstructionData open(List<InstructionSource> files) {
        return InstructionData.open(
                files, directory, encoder, encoder.contextTokens(), bad::add, read -> {});
    }
}
