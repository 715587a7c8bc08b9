package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sightmill.llava.PreprocessorConfig.Padding;
import io.sightmill.llava.PreprocessorConfig.Resize;
import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Crop and pad of images from one pixel to long slivers, equal to the reference to the byte.
 *
 * <p>sizes.csv was made with transformers 5.18.0 and Pillow 12.3.0: {@code
 * LlavaImageProcessorPil(size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336},
 * do_pad=..., do_rescale=False, do_normalize=False)} on the pixels of {@link HashedPixels}, given
 * as {@code channels_last}. crop and pad are the SHA-256 of the [336, 336, 3] bytes; the rows are
 * pixels 160 to 171 of row 168, to see at a glance how far off a wrong result is.
 */
class PreprocessSizesTest {

    private static final int SIZE = 336;
    private static final long MOST_BYTES = 32 << 20;
    private static final HexFormat HEX = HexFormat.of();

    private static final PreprocessorConfig CROP =
            new PreprocessorConfig(
                    Padding.NONE,
                    Resize.SHORTEST_EDGE,
                    SIZE,
                    SIZE,
                    1 / 255.0,
                    List.of(0.48145466, 0.4578275, 0.40821073),
                    List.of(0.26862954, 0.26130258, 0.27577711));

    private static final PreprocessorConfig PAD = CROP.withPadding(Padding.SQUARE);

    @ParameterizedTest(name = "{0} x {1}")
    @CsvFileSource(resources = "/golden/preprocessing/sizes.csv", numLinesToSkip = 1)
    void everySizeEqualsTheReferenceToTheByte(
            int width, int height, String crop, String pad, String cropRow, String padRow)
            throws Exception {
        byte[] cropped = square(CROP, width, height);
        byte[] padded = square(PAD, width, height);

        if (cropRow != null) {
            assertThat(middle(cropped)).as("crop, pixels 160..171 of row 168").isEqualTo(cropRow);
        }
        assertThat(middle(padded)).as("pad, pixels 160..171 of row 168").isEqualTo(padRow);
        assertThat(sha256(cropped)).as("crop").isEqualTo(crop);
        assertThat(sha256(padded)).as("pad").isEqualTo(pad);
    }

    /** The reference makes 336 x 1344000 pixels of the first, more than a gigabyte. */
    @ParameterizedTest
    @CsvSource({"1, 4000", "4000, 1", "1, 65535", "65535, 1", "4000, 50", "7000, 7000"})
    void whatIsAllocatedDoesNotFollowTheShape(int width, int height) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        square(CROP, width, height);
        square(PAD, width, height);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
    }

    private static byte[] square(PreprocessorConfig config, int width, int height) {
        return new ImagePreprocessor(config, ImageLimits.defaults(), 1)
                .square(new HashedPixels(width, height));
    }

    private static String middle(byte[] square) {
        int at = (168 * SIZE + 160) * 3;
        return HEX.formatHex(square, at, at + 36);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
