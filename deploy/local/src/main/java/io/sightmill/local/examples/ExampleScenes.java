package io.sightmill.local.examples;

import io.sightmill.tuning.scenes.SceneGenerator;
import io.sightmill.tuning.scenes.SceneOptions;
import io.sightmill.tuning.scenes.ScenePainter;
import io.sightmill.tuning.scenes.SceneSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * The dozen example images: scenes of the kind that the model in the box was trained on, none of
 * which it has seen, so that a newcomer has something to caption whose rights nobody has to clear.
 * Half are PNG, half JPEG.
 */
public final class ExampleScenes {

    private static final int COUNT = 12;
    private static final long SEED = 12;
    private static final int SIDE = 256;

    private ExampleScenes() {}

    /** Draws every scene into the directory, which is created if need be. */
    public static void writeTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        SceneGenerator generator = new SceneGenerator(SceneOptions.defaults());
        ScenePainter painter = new ScenePainter(SIDE);
        for (int index = 0; index < COUNT; index++) {
            String format = index % 2 == 0 ? "png" : "jpg";
            Path file = directory.resolve("scene-%02d.%s".formatted(index + 1, format));
            if (!ImageIO.write(
                    painter.paint(generator.scene(SceneSeed.evaluation(SEED, index))),
                    format,
                    file.toFile())) {
                throw new IOException("no writer for the image format " + format);
            }
        }
    }

    /** Draws them into the directory that is named. */
    public static void main(String[] arguments) throws IOException {
        writeTo(Path.of(arguments[0]));
    }
}
