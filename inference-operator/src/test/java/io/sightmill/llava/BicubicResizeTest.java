package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightmill.llava.PreprocessorConfig.Padding;
import io.sightmill.llava.PreprocessorConfig.Resize;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BicubicResizeTest {

    private static final PreprocessorConfig CLIP_336 =
            new PreprocessorConfig(
                    Padding.NONE,
                    Resize.SHORTEST_EDGE,
                    336,
                    336,
                    1 / 255.0,
                    List.of(0.48145466, 0.4578275, 0.40821073),
                    List.of(0.26862954, 0.26130258, 0.27577711));

    @ParameterizedTest
    @CsvSource({
        "photo, 6a2db8b0356eae58c527ecbd936fb735d645f36d04a611f5aceb7cfe66133510",
        "wide, 458bfa2a215fe730eaad2f1be61acf254cdf2fd1b708e9dbeefdbec784f7e687",
        "tall, 4cd840384d507beca97cdefa78e199ea7b113ba3517c5eef55c85b5b90b795fa",
        "tiny20x30, 8e6a428c56da23e4e511adf14948441b075408c4abb3e7d83cd779cd3d907cc5"
    })
    void shortestEdgeAndCentreCropEqualTheReferenceToTheByte(String image, String sha256)
            throws Exception {
        assertThat(sha256(resize(image, CLIP_336))).isEqualTo(sha256);
    }

    @ParameterizedTest
    @CsvSource({
        "photo, eba389b70c5d3d37bef77688c66ded1c994f112e36036ed6ad0791dbab2a8656",
        "wide, e3c6dd7fb050be3a17223bc7b2e861cba3d001423e6b359ffb45974198a50d32",
        "tall, 16d501876f206c89b014b3a0d7412afa42b5ad7db13840dda1e381b4390b24b0",
        "tiny20x30, 8f8c1cc9cb49db98bcf3dd34cae20909e08940928b7df79cdbd52cc03249ea19"
    })
    void padToSquareEqualsTheReferenceToTheByte(String image, String sha256) throws Exception {
        byte[] square = resize(image, CLIP_336.withPadding(Padding.SQUARE));

        assertThat(sha256(square)).isEqualTo(sha256);
    }

    @Test
    void aCropLargerThanTheImageIsBlackAround() {
        BicubicResize.Plan plan = new BicubicResize.Plan(2, 2, new int[3], 2, 2, 5);

        byte[] square = BicubicResize.apply(new Uniform(2, 2, 200), plan);

        // The reference puts the odd pixel before the image.
        assertThat(redRow(square, 5, 1)).containsExactly(0, 0, 0, 0, 0);
        assertThat(redRow(square, 5, 2)).containsExactly(0, 0, 200, 200, 0);
        assertThat(redRow(square, 5, 3)).containsExactly(0, 0, 200, 200, 0);
        assertThat(redRow(square, 5, 4)).containsExactly(0, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"1, 65535", "65535, 1", "1, 1"})
    void anImageOfAnyShapeIsCheapAndKeepsItsColour(int width, int height) {
        ImagePreprocessor crop = new ImagePreprocessor(CLIP_336, ImageLimits.defaults(), 1);

        byte[] square = crop.square(new Uniform(width, height, 77));

        assertThat(square).hasSize(336 * 336 * 3).containsOnly(77);
    }

    @ParameterizedTest
    @CsvSource({"1, 65535", "65535, 1"})
    void aSliverPaddedToASquareIsNearlyTheBackground(int width, int height) {
        PreprocessorConfig padded = CLIP_336.withPadding(Padding.SQUARE);
        ImagePreprocessor pad = new ImagePreprocessor(padded, ImageLimits.defaults(), 1);

        byte[] square = pad.square(new Uniform(width, height, 0));

        assertThat(redRow(square, 336, 0)[0]).isBetween(121, 123);
    }

    private static byte[] resize(String image, PreprocessorConfig config) throws Exception {
        ImageLimits limits = ImageLimits.defaults();
        RgbRows rows = new ImageDecoder(limits).decode(ReferenceFiles.image(image + ".png"));
        return new ImagePreprocessor(config, limits, 1).square(rows);
    }

    private static int[] redRow(byte[] square, int size, int row) {
        int[] red = new int[size];
        for (int column = 0; column < size; column++) {
            red[column] = square[(row * size + column) * 3] & 0xFF;
        }
        return red;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** An image of one grey, of any size. */
    private record Uniform(int width, int height, int value) implements RgbRows {

        @Override
        public void read(int row, int[] rgb) {
            Arrays.fill(rgb, value);
        }
    }
}
