package io.sightmill.tuning.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.tuning.DataFileException;
import io.sightmill.tuning.JsonLines;
import io.sightmill.tuning.LineFile;
import io.sightmill.tuning.captions.CaptionFile;
import io.sightmill.tuning.captions.CaptionedImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneWriterTest {

    private static final SceneDescription SCENES =
            new SceneDescription(4, 48, SceneOptions.defaults());

    @TempDir private Path directory;

    @Test
    void writesImagesCaptionsBoxesAndSymbols() throws IOException {
        long written = new SceneWriter(directory, SCENES).write(3, done -> true);

        assertThat(written).isEqualTo(3);
        SceneGenerator generator = new SceneGenerator(SceneOptions.defaults());
        try (JsonLines<CaptionedImage> captions =
                CaptionFile.read(directory.resolve("captions.jsonl"))) {
            for (int index = 0; index < 3; index++) {
                Scene scene = generator.scene(SceneSeed.training(4, index));
                CaptionedImage image = captions.next();
                assertThat(image).isEqualTo(SceneCaptions.of(scene, image.id(), image.image()));
                BufferedImage drawn = ImageIO.read(directory.resolve(image.image()).toFile());
                assertThat(drawn.getRGB(20, 20))
                        .isEqualTo(new ScenePainter(48).paint(scene).getRGB(20, 20));
            }
            assertThat(captions.next()).isNull();
        }
        assertThat(Files.readAllLines(directory.resolve("symbols.jsonl"))).hasSize(3);
    }

    @Test
    void goesOnWhereAKilledRunLeftOff() throws IOException {
        Path undisturbed = directory.resolve("undisturbed");
        Path killed = directory.resolve("killed");
        new SceneWriter(undisturbed, SCENES).write(7, done -> true);
        new SceneWriter(killed, SCENES).write(7, done -> done < 4);
        append(killed.resolve("captions.jsonl"), "{\"id\":\"00000004\"}\n{\"id\":");

        long written = new SceneWriter(killed, SCENES).write(7, done -> true);

        assertThat(written).isEqualTo(7);
        for (String file : new String[] {"captions.jsonl", "symbols.jsonl", "scenes.json"}) {
            assertThat(killed.resolve(file)).hasSameBinaryContentAs(undisturbed.resolve(file));
        }
        assertThat(killed.resolve("images/00000/00000006.png")).exists();
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    @Test
    void mixesNoOtherScenesIn() {
        new SceneWriter(directory, SCENES).write(1, done -> true);
        SceneDescription other =
                new SceneDescription(4, 48, SceneOptions.defaults().withShapes(1, 2));

        assertThatThrownBy(() -> new SceneWriter(directory, other))
                .isInstanceOf(DataFileException.class)
                .hasMessageContaining(
                        "scenes.json: the directory holds scenes with maxShapes 5, not 2");
    }

    @Test
    void leavesADirectoryToItsWriter() {
        SceneWriter writer = new SceneWriter(directory, SCENES);
        try (LineFile other = new LineFile(directory.resolve("captions.jsonl"))) {
            assertThatThrownBy(() -> writer.write(1, done -> true))
                    .isInstanceOf(DataFileException.class)
                    .hasMessageEndingWith("captions.jsonl: is being written by another process");
            assertThat(other.lines()).isZero();
        }
    }
}
