package io.sightmill.tuning.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.tuning.captions.Box;
import io.sightmill.tuning.captions.Colour;
import io.sightmill.tuning.captions.DrawnShape;
import io.sightmill.tuning.captions.Shape;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenePainterTest {

    private final SceneGenerator generator = new SceneGenerator(SceneOptions.defaults());

    /**
     * The figures were recorded once; they are the promise that a seed never means another scene.
     */
    @ParameterizedTest
    @CsvSource({"64, 3138e204746b4e843626a33119358e8e5ff0d557f78f9b8c1adb1f6e16a13406", "112, 8df1eb94adf82abd355f5d2724c164b34dcc37789d2bb53f0aa0db8c0366f8ee"})
    void paintsTheSamePixelsOnEveryRuntime(int size, String sha256) throws Exception {
        ScenePainter painter = new ScenePainter(size);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");

        for (int index = 0; index < 300; index++) {
            digest.update(bytes(painter.paint(generator.scene(SceneSeed.training(3, index)))));
        }

        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256);
    }

    private static byte[] bytes(BufferedImage image) {
        int[] pixels =
                image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        ByteBuffer buffer = ByteBuffer.allocate(4 * pixels.length);
        buffer.asIntBuffer().put(pixels);
        return buffer.array();
    }

    @Test
    void paintsTheSameWhateverWasPaintedBefore() {
        Scene scene = generator.scene(SceneSeed.training(5, 1));
        ScenePainter used = new ScenePainter(64);
        used.paint(generator.scene(SceneSeed.training(5, 0)));

        assertThat(bytes(used.paint(scene))).isEqualTo(bytes(new ScenePainter(64).paint(scene)));
    }

    @Test
    void givesNoColourAwayByOnePixel() {
        ScenePainter painter = new ScenePainter(64);
        Set<Integer> centres = new HashSet<>();
        int squares = 0;
        for (int index = 0; index < 3_000; index++) {
            Scene scene = generator.scene(SceneSeed.training(9, index));
            BufferedImage image = painter.paint(scene);
            for (DrawnShape shape : scene.shapes()) {
                if (shape.shape() == Shape.SQUARE && shape.colour() == Colour.RED) {
                    Box box = shape.box();
                    centres.add(
                            image.getRGB((int) (64 * box.centerX()), (int) (64 * box.centerY())));
                    squares++;
                }
            }
        }
        assertThat(squares).isGreaterThan(50);
        assertThat(centres).hasSizeGreaterThan(squares * 9 / 10);
    }

    @Test
    void refusesSizesNobodyCouldLookAt() {
        assertThatThrownBy(() -> new ScenePainter(8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("size is 8 and must be from 32 to 1024");
    }
}
