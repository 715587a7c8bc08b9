package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Stage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @Test
    void anEmptyFileIsAnEmptyImage() {
        assertThat(rejectionOf(new byte[0])).isEqualTo(Reason.EMPTY_IMAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "just text, named .jpg",
                "BM but no bitmap at all",
                "%PDF-1.7",
                "P",
                "<svg/>"
            })
    void textIsAnUnsupportedFormat(String text) {
        byte[] file = text.getBytes(StandardCharsets.UTF_8);

        assertThat(rejectionOf(file)).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    }

    @ParameterizedTest
    @CsvSource({
        "images/photo.jpg, 0.5",
        "images/photo.jpg, 0.01",
        "images/photo.jpg, 0.9999",
        "images/photo.png, 0.5",
        "images/photo.png, 0.9",
        "images/photo.png, 0.9999"
    })
    void aFileCutShortIsCorrupt(String name, double kept) throws Exception {
        byte[] file = ReferenceFiles.bytes(name);

        assertThat(rejectionOf(Arrays.copyOf(file, (int) (file.length * kept))))
                .isEqualTo(Reason.CORRUPT_IMAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "gif", "bmp", "png", "webp"})
    void everyFormatIsReadWholeAndRefusedInHalf(String format) throws Exception {
        byte[] file = format.equals("webp") ? webp() : encode(scene(), format);

        assertThat(decoder.decode(file).width()).isGreaterThan(0);
        assertThat(rejectionOf(Arrays.copyOf(file, file.length / 2)))
                .isEqualTo(Reason.CORRUPT_IMAGE);
    }

    @Test
    void aPngWhoseChecksumDisagreesIsCorrupt() throws Exception {
        byte[] file = ReferenceFiles.image("tiny20x30.png");
        int lastByteOfTheDataChecksum = file.length - 12 - 1;
        file[lastByteOfTheDataChecksum] ^= 1;

        assertThatThrownBy(() -> decoder.decode(file)).hasMessageContaining("wrong checksum");
    }

    @Test
    void aHeaderThatClaimsTooManyPixelsIsRefusedBeforeAnyIsAllocated() {
        byte[] file = pngClaiming(65_535, 65_535);

        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOfSatisfying(
                        RequestRejectedException.class,
                        e -> {
                            assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
                            assertThat(e.stage()).isEqualTo(Stage.PREPROCESS);
                        })
                .hasMessageContaining("65535 x 65535")
                .hasMessageContaining("50000000");
    }

    @ParameterizedTest
    @CsvSource({"2147483647, 1", "1, 70000", "2147483647, 2147483647"})
    void aSideThatNoImageHasIsRefused(int width, int height) {
        assertThat(rejectionOf(pngClaiming(width, height))).isEqualTo(Reason.TOO_MANY_PIXELS);
    }

    @Test
    void aFileOverTheByteLimitIsTooLarge() throws Exception {
        ImageDecoder strict = new ImageDecoder(new ImageLimits(1_000, 50_000_000));

        assertThatThrownBy(() -> strict.decode(ReferenceFiles.image("tiny20x30.png")))
                .isInstanceOfSatisfying(
                        RequestRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
                .hasMessage("the image has 1898 bytes; at most 1000 are allowed");
    }

    @Test
    void aJpegOfCountlessScansIsRefused() throws Exception {
        byte[] whole = encode(scene(), "jpg");
        int scan = indexOfScan(whole);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write(whole, 0, whole.length - 2);
        for (int i = 0; i < 1_000; i++) {
            bomb.write(whole, scan, whole.length - 2 - scan);
        }
        bomb.write(whole, whole.length - 2, 2);

        assertThatThrownBy(() -> decoder.decode(bomb.toByteArray()))
                .hasMessageContaining("more than 200 scans");
    }

    @ParameterizedTest
    @CsvSource({"jpg, 300", "gif, 300", "bmp, 300", "png, 300", "webp, 25"})
    void brokenBytesNeverEscapeAsAnythingButARejection(String format, int rounds) throws Exception {
        byte[] whole = format.equals("webp") ? webp() : encode(scene(), format);
        Random random = new Random(7);
        for (int round = 0; round < rounds; round++) {
            byte[] broken = whole.clone();
            for (int hit = 0; hit < 1 + round % 8; hit++) {
                broken[8 + random.nextInt(broken.length - 8)] = (byte) random.nextInt();
            }
            RequestRejectedException rejection = decodeFully(broken);
            if (rejection != null) {
                assertThat(rejection.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void aSinglePixelIsAnImage() throws Exception {
        BufferedImage dot = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        dot.setRGB(0, 0, 0x0A141E);

        assertThat(firstPixel(encode(dot, "png"))).containsExactly(10, 20, 30);
    }

    @Test
    void greyIsRepeated() throws Exception {
        BufferedImage grey = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 100);

        assertThat(firstPixel(encode(grey, "png"))).containsExactly(100, 100, 100);
        assertThat(firstPixel(encode(uniformGrey(100), "jpg"))).containsExactly(100, 100, 100);
    }

    @Test
    void greyOfSixteenBitsIsCutOff() throws Exception {
        BufferedImage grey = new BufferedImage(3, 2, BufferedImage.TYPE_USHORT_GRAY);
        grey.getRaster().setSample(0, 0, 0, 100);

        assertThat(firstPixel(encode(grey, "png"))).containsExactly(100, 100, 100);

        grey.getRaster().setSample(0, 0, 0, 0x64FF);

        assertThat(firstPixel(encode(grey, "png"))).containsExactly(255, 255, 255);
    }

    @Test
    void colourOfSixteenBitsKeepsTheUpperEight() throws Exception {
        assertThat(firstPixel(encode(deepColor(0x0AFF, 0x14FF, 0x1EFF), "png")))
                .containsExactly(10, 20, 30);
    }

    @Test
    void paletteEntriesAreLookedUpAndTheirAlphaDropped() throws Exception {
        byte[] red = {0, 10};
        byte[] green = {0, 20};
        byte[] blue = {0, 30};
        byte[] alpha = {0, 40};
        IndexColorModel palette = new IndexColorModel(1, 2, red, green, blue, alpha);
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_BINARY, palette);
        image.getRaster().setSample(0, 0, 0, 1);

        assertThat(firstPixel(encode(image, "png"))).containsExactly(10, 20, 30);
    }

    @Test
    void alphaIsDroppedAndNotBlended() throws Exception {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_4BYTE_ABGR);
        image.getRaster().setPixel(0, 0, new int[] {10, 20, 30, 0});

        assertThat(firstPixel(encode(image, "png"))).containsExactly(10, 20, 30);
    }

    @Test
    void webpIsRead() throws Exception {
        assertThat(decoder.decode(webp()).width()).isEqualTo(1);
    }

    @Test
    void aWebpFrameLargerThanItsCanvasIsCorrupt() {
        ByteBuffer file = ByteBuffer.allocate(30 + 26).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF")).putInt(file.capacity() - 8).put(ascii("WEBP"));
        file.put(ascii("VP8X")).putInt(10).put(new byte[10]);
        file.put(ascii("VP8L")).putInt(18).put((byte) 0x2F).putInt(16_000 | 16_000 << 14);

        assertThatThrownBy(() -> decoder.decode(file.array()))
                .hasMessageContaining("has a frame of 16001 x 16001 pixels on a canvas of 1 x 1");
    }

    /** Equal where both build on the same libjpeg; other builds may round the last step apart. */
    @Test
    void aJpegIsWithinOneStepOfTheReferencesDecoder() throws Exception {
        RgbRows jpeg = decoder.decode(ReferenceFiles.image("photo.jpg"));
        RgbRows png = decoder.decode(ReferenceFiles.image("photo.png"));
        int largest = 0;
        int[] left = new int[jpeg.width() * 3];
        int[] right = new int[png.width() * 3];
        for (int row = 0; row < png.height(); row++) {
            jpeg.read(row, left);
            png.read(row, right);
            for (int i = 0; i < left.length; i++) {
                largest = Math.max(largest, Math.abs(left[i] - right[i]));
            }
        }

        assertThat(largest).isLessThanOrEqualTo(1);
    }

    private Reason rejectionOf(byte[] file) {
        return catchThrowableOfType(RequestRejectedException.class, () -> decoder.decode(file))
                .reason();
    }

    private RequestRejectedException decodeFully(byte[] file) {
        ImageDecoder small = new ImageDecoder(new ImageLimits(1 << 20, 4_000_000));
        try {
            RgbRows rows = small.decode(file);
            int[] row = new int[rows.width() * 3];
            for (int y = 0; y < rows.height(); y++) {
                rows.read(y, row);
            }
            return null;
        } catch (RequestRejectedException e) {
            return e;
        }
    }

    private int[] firstPixel(byte[] file) throws RequestRejectedException {
        RgbRows rows = decoder.decode(file);
        int[] row = new int[rows.width() * 3];
        rows.read(0, row);
        return Arrays.copyOf(row, 3);
    }

    private static BufferedImage scene() {
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.ORANGE);
        graphics.fillOval(8, 8, 40, 30);
        graphics.setColor(Color.BLUE);
        graphics.drawLine(0, 0, 63, 47);
        graphics.dispose();
        return image;
    }

    private static BufferedImage uniformGrey(int value) {
        BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        int[] samples = new int[64];
        Arrays.fill(samples, value);
        grey.getRaster().setPixels(0, 0, 8, 8, samples);
        return grey;
    }

    private static BufferedImage deepColor(int... rgb) {
        ComponentColorModel colors =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_sRGB),
                        false,
                        false,
                        ComponentColorModel.OPAQUE,
                        DataBuffer.TYPE_USHORT);
        WritableRaster raster = colors.createCompatibleWritableRaster(3, 2);
        raster.setPixel(0, 0, rgb);
        return new BufferedImage(colors, raster, false, null);
    }

    private static byte[] encode(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, bytes)).isTrue();
        return bytes.toByteArray();
    }

    /** A lossless WebP of one pixel; Java writes none. */
    private static byte[] webp() {
        return Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
    }

    private static byte[] pngClaiming(int width, int height) {
        ByteBuffer header = ByteBuffer.allocate(17);
        header.put(ascii("IHDR")).putInt(width).putInt(height);
        header.put(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.array());
        ByteBuffer file = ByteBuffer.allocate(8 + 25 + 12 + 2 + 12);
        file.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        file.putInt(13).put(header.array()).putInt((int) crc.getValue());
        file.putInt(2).put(ascii("IDAT")).put(new byte[] {1, 2});
        file.putInt(0).putInt(0).put(ascii("IEND")).putInt(0);
        return file.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int indexOfScan(byte[] jpeg) {
        for (int at = 2; at < jpeg.length - 1; at++) {
            if ((jpeg[at] & 0xFF) == 0xFF && (jpeg[at + 1] & 0xFF) == 0xDA) {
                return at;
            }
        }
        throw new IllegalArgumentException("no scan");
    }
}
