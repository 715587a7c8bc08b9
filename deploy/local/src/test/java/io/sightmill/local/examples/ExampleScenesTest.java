package io.sightmill.local.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleScenesTest {

    @TempDir private Path directory;

    @Test
    void theExamplesInTheBoxAreTheOnesDrawnHere() throws IOException {
        ExampleScenes.writeTo(directory);

        List<Path> drawn = files(directory);
        assertThat(drawn).hasSize(12).hasSameSizeAs(files(Path.of("examples")));
        for (Path image : drawn) {
            BufferedImage expected = ImageIO.read(image.toFile());
            BufferedImage inTheBox =
                    ImageIO.read(Path.of("examples").resolve(image.getFileName()).toFile());
            assertThat(inTheBox.getWidth()).isEqualTo(expected.getWidth());
            assertThat(inTheBox.getHeight()).isEqualTo(expected.getHeight());
            // Scenes have the same pixels on every runtime, and PNG keeps them; JPEG encoders
            // differ.
            if (image.toString().endsWith(".png")) {
                assertThat(pixels(inTheBox)).as(image.toString()).isEqualTo(pixels(expected));
            }
        }
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
