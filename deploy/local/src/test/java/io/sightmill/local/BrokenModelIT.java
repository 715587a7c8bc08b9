package io.sightmill.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint that cannot be used is named in one line, nothing is published, the command ends 1.
 */
class BrokenModelIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path CHECKPOINT =
            SightmillProcess.projectRoot()
                    .resolve("inference-operator/src/test/resources/golden/tiny-llava");

    @TempDir private Path directory;
    private Path model;

    @BeforeEach
    void copyTheCheckpoint() throws IOException {
        model = Files.createDirectory(directory.resolve("model"));
        try (Stream<Path> files = Files.list(CHECKPOINT)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Files.delete(model.resolve("model-00002-of-00003.safetensors"));

        assertRefused("model-00002-of-00003.safetensors");
    }

    @Test
    void aPickleIsRefused() throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            for (Path file :
                    files.filter(each -> each.toString().contains("safetensors")).toList()) {
                Files.delete(file);
            }
        }
        Files.write(model.resolve("pytorch_model.bin"), new byte[] {(byte) 0x80, 2});

        assertRefused("pytorch_model.bin");
    }

    @Test
    void wrongDimensionsAreNamed() throws IOException {
        Path config = model.resolve("config.json");
        String wrong =
                Files.readString(config)
                        .replace("\"intermediate_size\": 352", "\"intermediate_size\": 353");
        assertThat(wrong).contains("353");
        Files.writeString(config, wrong);

        assertRefused("mlp");
    }

    @Test
    void aLinkOutOfTheDirectoryIsNamedWithTheOptionThatAllowsIt() throws IOException {
        Path outside = directory.resolve("config-of-another.json");
        Files.move(model.resolve("config.json"), outside);
        Files.createSymbolicLink(model.resolve("config.json"), outside);

        assertRefused("--follow-links");
    }

    @Test
    void aWeightThatIsNoNumberIsNamedIfAsked() throws IOException {
        Path shard = model.resolve("model-00003-of-00003.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        // The last float16 of the file becomes NaN.
        bytes[bytes.length - 1] = 0x7E;
        Files.write(shard, bytes);

        assertRefused("is NaN or infinite at", "--check-weights");
    }

    private void assertRefused(String named, Object... options) {
        try (SightmillProcess caption = SightmillProcess.start(directory, words(options))) {
            assertThat(caption.exitCode(PATIENCE)).as(caption::errors).isEqualTo(1);
            assertThat(caption.output()).isEmpty();
            List<String> errors = caption.errors().strip().lines().toList();
            assertThat(errors).hasSize(1);
            assertThat(errors.get(0)).startsWith("sightmill caption: ").contains(named);
        }
    }

    private Object[] words(Object... options) {
        List<Object> words = new ArrayList<>();
        words.add("caption");
        words.add(SightmillProcess.projectRoot().resolve("deploy/local/examples"));
        words.addAll(List.of("--model", model, "--data", directory.resolve("data")));
        words.addAll(List.of(options));
        return words.toArray();
    }
}
