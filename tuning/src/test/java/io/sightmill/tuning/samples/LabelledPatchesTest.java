package io.sightmill.tuning.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightmill.llava.PatchSample;
import io.sightmill.llava.SampleEncoder;
import io.sightmill.tuning.MicroCheckpoint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledPatchesTest {

    @TempDir private Path scratch;

    /** Two patches a side: middles at a quarter and three quarters. */
    @Test
    void aPatchHasTheWordsOfAllThatCoversItsMiddleAndTheSmallestBox() throws Exception {
        PatchSample sample =
                sample(
                        "\"red ring: [0.000, 0.000, 1.000, 0.400]\","
                                + "\"blue ring: [0.600, 0.200, 0.900, 0.300]\"",
                        32);

        // Frequent words first: ring, blue, red.
        assertThat(row(sample, 0))
                .containsExactly(1, 0, 1, 0, 1, -0.25f, -0.25f, 0.75f, 0.4f - 0.25f);
        assertThat(row(sample, 1))
                .containsExactly(
                        1, 1, 1, 1, 1, 0.6f - 0.75f, 0.2f - 0.25f, 0.9f - 0.75f, 0.3f - 0.25f);
        assertThat(row(sample, 2)).containsOnly(0);
        assertThat(row(sample, 3)).containsOnly(0);
    }

    @Test
    void aPictureThatAModelSeesAPartOfIsBad() {
        assertThatThrownBy(() -> sample("\"red ring: [0.1, 0.1, 0.4, 0.4]\"", 40))
                .isInstanceOf(BadSampleException.class)
                .hasMessageContaining("40 x 32");
    }

    private PatchSample sample(String boxes, int width) throws Exception {
        writeImage(width);
        Path captions =
                Files.writeString(
                        scratch.resolve("captions.jsonl"),
                        "{\"id\":\"0\",\"image\":\"0.png\",\"captions\":[\"Rings.\"],\"boxes\":["
                                + boxes
                                + "]}\n");
        CaptionedPictures pictures =
                CaptionedPictures.read(
                        captions,
                        scratch,
                        bad -> {
                            throw new AssertionError(bad.toString());
                        },
                        read -> {});
        Path model = MicroCheckpoint.in(scratch.resolve("model"));
        try (SampleEncoder encoder = SampleEncoder.open(model, Optional.empty())) {
            return new LabelledPatches(pictures, encoder).sample(0);
        }
    }

    private void writeImage(int width) throws IOException {
        ImageIO.write(
                new BufferedImage(width, 32, BufferedImage.TYPE_INT_RGB),
                "png",
                scratch.resolve("0.png").toFile());
    }

    private static float[] row(PatchSample sample, int patch) {
        int width = sample.words() + PatchSample.OTHERS;
        return Arrays.copyOfRange(sample.labels(), patch * width, (patch + 1) * width);
    }
}
