package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of a checkpoint with random faults are read or refused with a message; nothing else
 * happens. The seeds are fixed: a failure names its own and comes again.
 */
class ReaderFuzzTest {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    @TempDir private Path directory;
    private CheckpointCopy copy;
    private int read;
    private int refused;

    /** What reads a file that has been spoiled. */
    private interface Reader {
        void read() throws IOException;
    }

    @BeforeEach
    void copyCheckpoint() throws IOException {
        copy = CheckpointCopy.in(directory);
    }

    @Test
    void configurations() throws IOException {
        fuzz(
                "config.json",
                1_500,
                () -> {
                    LlavaConfig config = LlavaConfig.read(directory);
                    CheckpointFit.checkImageToken(directory, config, Complaints.thrown());
                    PreprocessorConfig.read(directory);
                    ModelFamily.shape(directory, config);
                    ModelMemory.of(DeclaredWeights.of(config), config.text(), 576);
                    config.imageLayout().grid(480, 640);
                });
    }

    @Test
    void tiledConfigurations() throws IOException {
        Path next = Files.createDirectory(directory.resolve("next"));
        copy = CheckpointCopy.of("next", next);
        fuzz("config.json", 500, () -> LlavaConfig.read(next).imageLayout().grid(480, 640));
    }

    @Test
    void generationConfigurations() throws IOException {
        fuzz("generation_config.json", 200, () -> LlavaConfig.read(directory));
    }

    @Test
    void preprocessorConfigurations() throws IOException {
        fuzz("preprocessor_config.json", 1_000, () -> PreprocessorConfig.read(directory));
    }

    @Test
    void tokenizers() throws IOException {
        fuzz("tokenizer.json", 600, () -> Tokenizer.load(directory).close());
    }

    @Test
    void tokenizerConfigurations() throws IOException {
        fuzz("tokenizer_config.json", 200, () -> Tokenizer.load(directory).close());
    }

    @Test
    void indexes() throws IOException {
        fuzz(CheckpointCopy.INDEX, 500, this::readWeights);
    }

    @Test
    void headers() throws IOException {
        Path shard = copy.file("model-00003-of-00003.safetensors");
        ByteBuffer whole =
                ByteBuffer.wrap(Files.readAllBytes(shard)).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(whole.getLong(0));
        String header = new String(whole.array(), 8, length, StandardCharsets.UTF_8);
        byte[] data = new byte[whole.capacity() - 8 - length];
        whole.position(8 + length).get(data);
        for (int seed = 0; seed < 1_000; seed++) {
            byte[] spoiled = new Mutation(seed).of(header);
            ByteBuffer file =
                    ByteBuffer.allocate(8 + spoiled.length + data.length)
                            .order(ByteOrder.LITTLE_ENDIAN);
            Files.write(shard, file.putLong(spoiled.length).put(spoiled).put(data).array());
            read(shard.toString(), seed, this::readWeights);
        }
        assertBoth();
    }

    @Test
    void firstBytesOfAWeightFile() throws IOException {
        Path shard = copy.file("model-00003-of-00003.safetensors");
        byte[] whole = Files.readAllBytes(shard);
        for (int seed = 0; seed < 200; seed++) {
            byte[] begin = new Mutation(seed).withWrongBytes(Arrays.copyOf(whole, 12));
            byte[] file = Arrays.copyOf(begin, begin.length + whole.length - 12);
            System.arraycopy(whole, 12, file, begin.length, whole.length - 12);
            Files.write(shard, file);
            read(shard.toString(), seed, () -> SafetensorsFile.open(shard));
        }
        assertBoth();
    }

    private void readWeights() {
        Checkpoint.open(directory)
                .find(
                        DeclaredWeights.of(LlavaConfig.read(ReferenceFiles.path("tiny-llava"))),
                        Complaints.thrown());
    }

    private void fuzz(String name, int count, Reader reader) throws IOException {
        String sound = Files.readString(copy.file(name));
        for (int seed = 0; seed < count; seed++) {
            Files.write(copy.file(name), new Mutation(seed).of(sound));
            read(name, seed, reader);
        }
        assertBoth();
    }

    private void read(String name, int seed, Reader reader) {
        assertTimeout(
                LONGEST,
                () -> {
                    try {
                        reader.read();
                        read++;
                    } catch (ModelLoadException expected) {
                        assertThat(expected.getMessage().lines()).hasSize(1);
                        refused++;
                    } catch (RuntimeException | Error other) {
                        throw new AssertionError(name + " with seed " + seed, other);
                    }
                },
                () -> name + " with seed " + seed);
    }

    /** A fuzzer that finds nothing wrong, or nothing right, tests nothing. */
    private void assertBoth() {
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }
}
