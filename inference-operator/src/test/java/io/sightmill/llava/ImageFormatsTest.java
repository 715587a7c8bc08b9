package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of every format against the reference.
 *
 * <p>The files were written with Pillow 12.3.0 ({@code Image.save} with the options their names
 * tell), tifffile (tiles, planes, big-endian, strips) and, where neither writes a kind, by hand:
 * chunks of interlaced and 16-bit PNG, GIF frames smaller than the canvas, 16-bit BMP, YCCK (a CMYK
 * file whose Adobe transform is set to 2). The pixels are noise from numpy's default_rng(7), 33 x
 * 21, or a drawing where the format loses something. The figures are SHA-256 or bytes of {@code
 * Image.open(file).convert("RGB")}.
 */
class ImageFormatsTest {

    private static final String FOLDER = "formats/";

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/golden/formats/lossless.csv", numLinesToSkip = 1)
    void whatLosesNothingEqualsTheReferenceToTheByte(
            String file, int width, int height, String sha256) throws Exception {
        RgbRows rows = decoder.decode(ReferenceFiles.bytes(FOLDER + file));

        assertThat(rows.width()).isEqualTo(width);
        assertThat(rows.height()).isEqualTo(height);
        assertThat(sha256(pixels(rows))).isEqualTo(sha256);
    }

    /** The upper 8 bits, by numpy's {@code >> 8} of what Pillow reads. */
    @ParameterizedTest
    @ValueSource(strings = {"grey-16bit.png", "grey-16bit.tif"})
    void deepGreyKeepsItsUpperBitsOnRequest(String file) throws Exception {
        ImageReading scaling = new ImageReading(ImageLimits.defaults(), false, true);

        RgbRows rows = new ImageDecoder(scaling).decode(ReferenceFiles.bytes(FOLDER + file));

        assertThat(sha256(pixels(rows)))
                .isEqualTo("dfc04dcc507d409e3d2bf9a762f67e38e3baa8f3561c92b46570476a9a603590");
    }

    /**
     * Measured: equal. Another Java runtime may bring a libjpeg that rounds the last step apart.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline-444.jpg",
                "baseline-422.jpg",
                "baseline-420.jpg",
                "progressive.jpg",
                "restart.jpg",
                "grey.jpg",
                "rgb.jpg",
                "icc.jpg",
                "cmyk.jpg",
                "cmyk-unmarked.jpg",
                "ycck.jpg",
                "rgb-jpeg.tif",
                "grey-jpeg.tif"
            })
    void jpegIsWithinOneStepOfTheReference(String file) throws Exception {
        assertThat(Difference.of(decode(file), expected(file)).largest()).isLessThanOrEqualTo(1);
    }

    /**
     * Sines and normal noise from default_rng, qualities 20, 75 and 95; "small-frame" is a frame of
     * 21 x 17 at (4, 6) in an animation put together by hand.
     */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/golden/formats/lossy-webp.csv", numLinesToSkip = 1)
    void lossyWebpEqualsTheReferenceToTheByte(String file, int width, int height, String sha256)
            throws Exception {
        RgbRows rows = decoder.decode(ReferenceFiles.bytes(FOLDER + file));

        assertThat(rows.width()).isEqualTo(width);
        assertThat(rows.height()).isEqualTo(height);
        assertThat(sha256(pixels(rows))).isEqualTo(sha256);
    }

    /** Drawings with hard edges between pure colours, where chroma matters most. */
    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossy-alpha.webp"})
    void lossyWebpOfDrawingsEqualsTheReferenceToTheByte(String file) throws Exception {
        assertThat(decode(file)).isEqualTo(expected(file));
    }

    /** Photographs lie a magnitude closer, see the module's README. */
    @ParameterizedTest
    @CsvSource({"lossy.webp, 88, 10.8", "lossy-alpha.webp, 102, 11.4"})
    void lossyWebpInJavaAloneIsWithinTheMeasuredBound(String file, int largest, double mean)
            throws Exception {
        ImageReaderSpi withoutItsLibrary = new MissingLibrary();

        WebpFile image =
                new WebpFile(
                        ReferenceFiles.bytes(FOLDER + file), LossyWebp.load(withoutItsLibrary));

        Difference difference =
                Difference.of(pixels(image.decode(ImageReading.defaults())), expected(file));
        assertThat(difference.largest()).isBetween(1, largest);
        assertThat(difference.mean()).isLessThanOrEqualTo(mean);
    }

    /** What a machine for which no library is in the jar gives. */
    private static final class MissingLibrary extends WebPImageReaderSpi {

        @Override
        public ImageReader createReaderInstance(Object extension) {
            throw new UnsatisfiedLinkError("no webp-imageio for this machine");
        }
    }

    /** The profile in these files has red and blue exchanged: applied, it could not go unseen. */
    @Test
    void anEmbeddedColorProfileChangesNothing() throws Exception {
        assertThat(decode("icc.jpg")).isEqualTo(decode("baseline-420.jpg"));
        assertThat(decode("icc.png")).isEqualTo(decode("rgb.png"));
        assertThat(decode("icc.tif")).isEqualTo(decode("rgb-raw.tif"));
        assertThat(decode("icc.webp")).isEqualTo(decode("lossless.webp"));
    }

    private byte[] decode(String file) throws Exception {
        return pixels(decoder.decode(ReferenceFiles.bytes(FOLDER + file)));
    }

    private static byte[] expected(String file) throws Exception {
        return ReferenceFiles.bytes(FOLDER + file + ".rgb");
    }

    static byte[] pixels(RgbRows rows) {
        byte[] pixels = new byte[rows.width() * rows.height() * 3];
        int[] row = new int[rows.width() * 3];
        for (int y = 0; y < rows.height(); y++) {
            rows.read(y, row);
            for (int i = 0; i < row.length; i++) {
                pixels[y * row.length + i] = (byte) row[i];
            }
        }
        return pixels;
    }

    static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
