package io.sightmill.llava;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CLIP directory that a checkpoint in the authors' layout needs comes from outside too. */
class VisionTowerTest {

    private static final String NAME = "clip-tiny-42";

    @TempDir private Path temporary;
    private Path model;
    private Path tower;

    @BeforeEach
    void copyBoth() throws IOException {
        model = Files.createDirectory(temporary.resolve("model"));
        tower = Files.createDirectory(temporary.resolve(NAME));
        CheckpointCopy.of("authors/v1", model);
        CheckpointCopy.of("authors/" + NAME, tower);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "preprocessor_config.json", "model.safetensors"})
    void refusesALinkOutOfTheDirectoryBeside(String name) throws IOException {
        moveOut(tower.resolve(name));

        assertRefused(LoadOptions.defaults(), tower.resolve(name) + " is a link out of");
        assertThat(problems(LoadOptions.defaults()))
                .anyMatch(each -> each.contains(NAME + "/" + name + " is a link out of"));
        load(new LoadOptions(false, true));
    }

    @Test
    void refusesALinkOutOfADirectoryInside() throws IOException {
        Path inside = Files.move(tower, model.resolve(NAME));
        moveOut(inside.resolve("model.safetensors"));

        assertRefused(LoadOptions.defaults(), NAME + "/model.safetensors is a link out of");
    }

    /** Though not one of its files is a link. */
    @Test
    void refusesADirectoryInsideThatIsALinkOut() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Path moved = Files.move(tower, elsewhere.resolve("clip"));
        Files.createSymbolicLink(model.resolve(NAME), moved);

        assertRefused(LoadOptions.defaults(), NAME + "/", "is a link out of the checkpoint's");
        load(new LoadOptions(false, true));
    }

    @Test
    void doesNotWaitForAPipe() throws Exception {
        for (String name :
                List.of("config.json", "preprocessor_config.json", "model.safetensors")) {
            Path pipe = tower.resolve(name);
            Files.delete(pipe);
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () ->
                            assertRefused(
                                    new LoadOptions(false, true), pipe + " is no regular file"));
            Files.delete(pipe);
            Files.copy(ReferenceFiles.path("authors/" + NAME).resolve(name), pipe);
        }
    }

    @Test
    void takesTheDirectoryThatIsGivenWhereverItIs() throws IOException {
        Path elsewhere = Files.createDirectories(temporary.resolve("a/b"));
        Path given = Files.move(tower, elsewhere.resolve("clip-of-today"));

        assertRefused(LoadOptions.defaults(), "'" + NAME + "'", "--vision-tower");
        load(given(given));
        assertThat(problems(given(given))).noneMatch(each -> each.contains("vision tower"));
    }

    @Test
    void theDirectoryThatIsGivenWinsOverTheOneBeside() throws IOException {
        Path given = Files.createDirectory(temporary.resolve("given"));
        CheckpointCopy.of("authors/" + NAME, given)
                .edit("config.json", root -> root.put("model_type", "siglip"));

        assertRefused(given(given), given.resolve("config.json").toString(), "siglip");
    }

    @Test
    void looksAtWhatIsGivenInTheSameWay() throws IOException {
        Path given = Files.move(tower, temporary.resolve("given"));
        moveOut(given.resolve("config.json"));

        assertRefused(given(given), given.resolve("config.json") + " is a link out of");
    }

    @Test
    void refusesADirectoryThatIsGivenAndNotThere() {
        assertRefused(
                given(temporary.resolve("nowhere")),
                "the vision tower " + temporary.resolve("nowhere") + " is no directory",
                NAME);
    }

    @Test
    void refusesATowerForACheckpointThatHasItsOwn() throws IOException {
        Path other = Files.createDirectory(temporary.resolve("hugging-face"));
        CheckpointCopy.in(other);

        assertThatThrownBy(
                        () ->
                                LlavaNetwork.open(
                                        other,
                                        Precision.FLOAT32,
                                        given(tower),
                                        LoadProgress.none(),
                                        Device.cpu()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll("has a vision tower of its own", "--vision-tower");
    }

    @Test
    void refusesANameThatIsNone() {
        assertThatThrownBy(() -> new LoadOptions(false, false, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vision-tower is ' '");
        assertRefused(new LoadOptions(false, false, "a\0b"), "vision-tower is no path");
    }

    private static LoadOptions given(Path directory) {
        return new LoadOptions(false, false, directory.toString());
    }

    private void moveOut(Path file) throws IOException {
        Path outside = Files.move(file, temporary.resolve("outside-" + file.getFileName()));
        Files.createSymbolicLink(file, outside);
    }

    private List<String> problems(LoadOptions options) {
        return new ModelInspection(model, List.of(), options)
                .report(LoadProgress.none())
                .problems();
    }

    private void load(LoadOptions options) {
        LlavaNetwork.open(model, Precision.FLOAT32, options, LoadProgress.none(), Device.cpu())
                .close();
    }

    private void assertRefused(LoadOptions options, String... complaints) {
        assertThatThrownBy(() -> load(options))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll(complaints);
    }
}
