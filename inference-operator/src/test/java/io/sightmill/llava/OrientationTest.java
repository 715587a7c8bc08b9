package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Pictures that say how they were held.
 *
 * <p>Written with Pillow 12.3.0: {@code Image.save(exif=...)} with tag 274 for JPEG, PNG (eXIf) and
 * WebP, {@code tiffinfo={274: n}} for TIFF. "stored" is the size and SHA-256 of {@code
 * Image.open(file).convert("RGB")}, "upright" of {@code ImageOps.exif_transpose(Image.open(file))
 * .convert("RGB")}; for TIFF both are the same, as Pillow turns those when it opens them.
 */
class OrientationTest {

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/golden/formats/orientation.csv", numLinesToSkip = 1)
    void isIgnoredUnlessAskedFor(String file, String stored, String upright) throws Exception {
        assertThat(decode(file, false)).isEqualTo(stored);
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/golden/formats/orientation.csv", numLinesToSkip = 1)
    void isAppliedOnRequest(String file, String stored, String upright) throws Exception {
        assertThat(decode(file, true)).isEqualTo(upright);
    }

    @Test
    void aBrokenBlockOfMetadataLeavesThePictureAsItIs() throws Exception {
        byte[] file = ReferenceFiles.bytes("formats/orientation/6.jpg");
        int exif = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("Exif");

        for (int at = exif + 6; at < exif + 14; at++) {
            byte[] broken = file.clone();
            Arrays.fill(broken, at, at + 1, (byte) 0x5A);
            RgbRows rows = new ImageDecoder(reading(true)).decode(broken);
            assertThat(rows.width()).isEqualTo(33);
        }
    }

    @Test
    void aValueThatIsNoOrientationSaysNothing() {
        assertThat(Orientation.of(0)).isEqualTo(Orientation.TOP_LEFT);
        assertThat(Orientation.of(9)).isEqualTo(Orientation.TOP_LEFT);
        assertThat(Orientation.of(-1)).isEqualTo(Orientation.TOP_LEFT);
    }

    private static String decode(String file, boolean applies) throws Exception {
        RgbRows rows =
                new ImageDecoder(reading(applies))
                        .decode(ReferenceFiles.bytes("formats/orientation/" + file));
        String sha256 = ImageFormatsTest.sha256(ImageFormatsTest.pixels(rows));
        return rows.width() + "x" + rows.height() + " " + sha256;
    }

    private static ImageReading reading(boolean appliesOrientation) {
        return new ImageReading(ImageLimits.defaults(), appliesOrientation, false);
    }
}
