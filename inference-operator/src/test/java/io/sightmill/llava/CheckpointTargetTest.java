package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint's directory holds before, while and after one is written to it. */
class CheckpointTargetTest {

    private static final CheckpointGenerator GENERATOR = generator(CheckpointLayout.AUTHORS, 4_000);
    private static final CheckpointGenerator ONE_FILE =
            generator(CheckpointLayout.HUGGING_FACE, 1 << 30);

    @TempDir private Path root;

    @Test
    void untilAllIsWrittenNothingLooksWhole() throws Exception {
        Path directory = root.resolve("model");

        GENERATOR.write(
                directory,
                false,
                bytes -> {
                    assertThat(names(directory))
                            .filteredOn(name -> !name.startsWith("clip"))
                            .allMatch(name -> name.endsWith(".part"));
                    assertThatThrownBy(() -> Checkpoint.open(directory))
                            .isInstanceOf(ModelLoadException.class);
                    assertThatThrownBy(() -> LlavaConfig.read(directory))
                            .isInstanceOf(ModelLoadException.class);
                });

        assertThat(names(directory)).contains("config.json").noneMatch(n -> n.endsWith(".part"));
        assertThat(LlavaConfig.read(directory).vision().imageSize()).isEqualTo(28);
    }

    @Test
    void whatIsInterruptedLeavesNothing() throws Exception {
        Path directory = root.resolve("new").resolve("model");

        assertThatThrownBy(() -> interrupt(directory)).hasMessage("enough");

        assertThat(names(root)).isEmpty();
    }

    @Test
    void anInterruptedReplacementLeavesTheOldOneWhole() throws Exception {
        ONE_FILE.write(root, false, bytes -> {});
        List<String> before = names(root);

        assertThatThrownBy(() -> interrupt(root)).hasMessage("enough");

        assertThat(names(root)).isEqualTo(before);
        Checkpoint.open(root);
    }

    @Test
    void aReplacementTakesAwayWhatTheOldOneAloneHad() throws Exception {
        ONE_FILE.write(root, false, bytes -> {});
        Files.writeString(root.resolve("notes.txt"), "mine");
        Files.writeString(root.resolve("model-00009-of-00009.safetensors.part"), "left");

        GENERATOR.write(root, true, bytes -> {});

        assertThat(names(root))
                .contains("notes.txt", "model.safetensors.index.json")
                .doesNotContain(
                        "model.safetensors",
                        "chat_template.json",
                        "model-00009-of-00009.safetensors.part");
    }

    @Test
    void aDirectoryThatHoldsSomethingIsRefused() throws Exception {
        Files.writeString(root.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> GENERATOR.write(root, false, bytes -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(root + " is not empty; --force replaces the checkpoint in it");
        assertThat(names(root)).containsExactly("notes.txt");
    }

    @Test
    void aFileIsRefused() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "mine");

        assertThatThrownBy(() -> GENERATOR.write(file, true, bytes -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + " is a file and must be a directory");
    }

    @Test
    void aDiskThatIsTooSmallIsKnownBeforeAnythingIsWritten() {
        Path directory = root.resolve("model");

        assertThatThrownBy(() -> GENERATOR.write(directory, false, bytes -> {}, of -> 16_000_000))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(directory + " needs 0.0 GB and its disk has 0.0 GB left");
        assertThat(directory).doesNotExist();
    }

    @Test
    void anIndexNamesTheShardOfEveryTensor() throws Exception {
        GENERATOR.write(root, false, bytes -> {});

        var index = ConfigurationFile.read(root.resolve("model.safetensors.index.json")).root();
        for (var entry : index.get("weight_map").properties()) {
            Path shard = root.resolve(entry.getValue().asText());
            assertThat(SafetensorsFile.open(shard).tensor(entry.getKey())).isPresent();
        }
        assertThat(index.get("weight_map").properties()).hasSizeGreaterThan(10);
    }

    private static void interrupt(Path directory) {
        GENERATOR.write(
                directory,
                true,
                bytes -> {
                    throw new IllegalStateException("enough");
                });
    }

    private static CheckpointGenerator generator(CheckpointLayout layout, long shardBytes) {
        CheckpointShape shape =
                new CheckpointShape(
                        CheckpointFamily.V1_5,
                        new VisionShape(28, 14, 8, 2, 2, 16),
                        TextShape.llama(8, 2, 1, 16, 400));
        return new CheckpointGenerator(
                new CheckpointPlan(shape, layout, WeightType.FLOAT16, 1, shardBytes));
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
