package io.sightmill.llava;

import static io.sightmill.llava.Refusal.assertLoads;
import static io.sightmill.llava.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sightmill.engine.Device;
import io.sightmill.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories, links and special files that are no checkpoint, or would reach outside it. */
class BrokenDirectoryTest {

    private static final LoadOptions FOLLOWING = new LoadOptions(false, true);

    @TempDir private Path temporary;
    private Path directory;

    @BeforeEach
    void copyCheckpoint() throws IOException {
        directory = Files.createDirectory(temporary.resolve("model"));
        CheckpointCopy.in(directory);
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        assertRefused(temporary.resolve("nowhere"), "nowhere does not exist", "config.json");
    }

    @Test
    void refusesAFileInPlaceOfADirectory() {
        Path file = directory.resolve("config.json");

        assertRefused(file, file + " is a file; name the directory");
    }

    @Test
    void refusesAnEmptyDirectory() throws IOException {
        Path empty = Files.createDirectory(temporary.resolve("empty"));

        assertRefused(empty, empty + " is empty; download the checkpoint");
    }

    @Test
    void refusesANameThatIsNoPath() {
        assertThatThrownBy(
                        () -> new LlavaModelProvider("a\0b", Precision.FLOAT32).open(Device.cpu()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("is no path");
    }

    @Test
    void refusesALinkOutOfTheDirectoryAndNamesTheOptionThatAllowsIt() throws IOException {
        Path outside = moveOutside("config.json");

        assertRefused(
                directory,
                "config.json is a link out of the checkpoint's directory",
                outside.toRealPath().toString(),
                "--follow-links",
                "follow-links of a job");
        assertLoads(directory, FOLLOWING);
    }

    @Test
    void refusesALinkToWeightsOutside() throws IOException {
        moveOutside("model-00002-of-00003.safetensors");

        assertRefused(directory, "model-00002-of-00003.safetensors is a link out of");
    }

    @Test
    void refusesALinkToATokenizerOutside() throws IOException {
        Path outside = Files.createFile(temporary.resolve("outside.model"));
        Files.createSymbolicLink(directory.resolve("tokenizer.model"), outside);

        assertRefused(directory, "tokenizer.model is a link out of");
    }

    @Test
    void loadsHuggingFacesCacheWhereLinksAreAllowed() throws IOException {
        Path snapshot = asCacheSnapshot();

        assertRefused(snapshot, "is a link out of", "as in Hugging Face's cache");
        assertLoads(snapshot, FOLLOWING);
    }

    /** snapshots/HASH/NAME is a link to ../../blobs/DIGEST. */
    private Path asCacheSnapshot() throws IOException {
        Path blobs = Files.createDirectory(temporary.resolve("blobs"));
        Path snapshot = Files.createDirectories(temporary.resolve("snapshots/c0ffee"));
        int count = 0;
        for (Path file : files()) {
            String blob = "blob" + count++;
            Files.move(file, blobs.resolve(blob));
            Files.createSymbolicLink(
                    snapshot.resolve(file.getFileName()), Path.of("../../blobs", blob));
        }
        return snapshot;
    }

    @Test
    void followsLinksInsideTheDirectory() throws IOException {
        Files.move(directory.resolve("config.json"), directory.resolve("config-of-today"));
        Files.createSymbolicLink(directory.resolve("config.json"), Path.of("config-of-today"));

        assertLoads(directory, LoadOptions.defaults());
    }

    @Test
    void aLinkToTheDirectoryItselfIsTheUsersOwn() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);

        assertLoads(link, LoadOptions.defaults());
    }

    @Test
    void refusesALinkThatLeadsToItself() throws IOException {
        Files.delete(directory.resolve("tokenizer.json"));
        Files.createSymbolicLink(directory.resolve("tokenizer.json"), Path.of("tokenizer.json"));

        assertRefused(directory, "tokenizer.json cannot be followed: Too many levels");
        assertRefused(directory, FOLLOWING, "tokenizer.json cannot be followed: Too many levels");
    }

    @Test
    void refusesALinkToNowhere() throws IOException {
        Files.delete(directory.resolve("chat_template.json"));
        Files.createSymbolicLink(directory.resolve("chat_template.json"), Path.of("gone"));

        assertRefused(directory, "chat_template.json is a link to a file that is not there");
    }

    @Test
    void doesNotWaitForAPipe() throws Exception {
        for (String name :
                List.of("config.json", "model.safetensors", "chat_template.jinja", "vocab.json")) {
            Files.deleteIfExists(directory.resolve(name));
            Path pipe = directory.resolve(name);
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertRefused(directory, FOLLOWING, name + " is no regular file"));
            Files.delete(pipe);
            CheckpointCopy.restore(directory);
        }
    }

    @Test
    void refusesADirectoryInPlaceOfAFile() throws IOException {
        Files.delete(directory.resolve("config.json"));
        Files.createDirectory(directory.resolve("config.json"));

        assertRefused(directory, "config.json is no regular file");
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        // A regular file that gives nobody its bytes: page 0 of this process.
        Files.delete(directory.resolve("config.json"));
        Files.createSymbolicLink(directory.resolve("config.json"), Path.of("/proc/self/mem"));

        assertRefused(directory, FOLLOWING, "config.json cannot be read", "Input/output error");
        Files.delete(directory.resolve("config.json"));
    }

    private Path moveOutside(String name) throws IOException {
        Path outside = Files.move(directory.resolve(name), temporary.resolve("outside-" + name));
        Files.createSymbolicLink(directory.resolve(name), outside);
        return outside;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
