package io.sightmill.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.sightmill.engine.Reason;
import io.sightmill.engine.RequestRejectedException;
import io.sightmill.engine.Stage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that ask for much: each is refused, and costs little until then. */
class HostileImagesTest {

    private static final long MOST_BYTES = 100 << 20;
    private static final Duration MOST_TIME = Duration.ofSeconds(3);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @CsvSource({
        "rgb.png, 16, true",
        "rgb.bmp, 18, false",
        "palette.gif, 6, false",
        "rgb-lzw.tif, 0, false"
    })
    void sidesBeyondTheLimitAreRefusedFromTheHeader(String name, int at, boolean isBigEndian)
            throws Exception {
        byte[] file = ReferenceFiles.bytes("formats/" + name);
        ByteBuffer bytes =
                ByteBuffer.wrap(file)
                        .order(isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        if (name.endsWith(".gif")) {
            bytes.putInt(at, 0xFFFFFFFF);
        } else if (name.endsWith(".tif")) {
            setTag(bytes, 256, 60_000);
            setTag(bytes, 257, 60_000);
        } else {
            bytes.putInt(at, 60_000).putInt(at + 4, 60_000);
        }

        assertThat(refusalOf(file).reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb.bmp", "rgb-lzw.tif", "rgb-raw.tif"})
    void moreThanTheBytesCanHoldIsRefusedFromTheHeader(String name) throws Exception {
        byte[] file = ReferenceFiles.bytes("formats/" + name);
        if (name.endsWith(".tif")) {
            ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            setTag(bytes, 256, 7_000);
            setTag(bytes, 257, 7_000);
        } else {
            boolean isPng = name.endsWith(".png");
            ByteBuffer.wrap(file)
                    .order(isPng ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .putInt(isPng ? 16 : 18, 7_000)
                    .putInt(isPng ? 20 : 22, 7_000);
        }

        assertThat(refusalOf(file)).hasMessageContaining("bytes cannot hold");
    }

    @Test
    void aTiffStripOutsideTheFileIsRefused() throws Exception {
        byte[] file = ReferenceFiles.bytes("formats/rgb-lzw.tif");
        setTag(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN), 279, 1 << 30);

        assertThat(refusalOf(file)).hasMessageContaining("has part 0 at byte");
    }

    @Test
    void aTiffWhoseDirectoryLiesOutsideIsRefused() throws Exception {
        byte[] file = ReferenceFiles.bytes("formats/rgb-lzw.tif");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length + 100);

        assertThat(refusalOf(file)).hasMessageContaining("first directory at byte");
    }

    /** A reader of all metadata would copy the file once for each entry. */
    @Test
    void aTiffOfEntriesThatAllHoldTheWholeFileIsRefused() {
        int entries = 65_535;
        ByteBuffer file = ByteBuffer.allocate(4 << 20).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) entries);
        for (int i = 0; i < entries; i++) {
            file.putShort((short) 40_000).putShort((short) 1).putInt((4 << 20) - 8).putInt(0);
        }

        assertThat(refusalOf(file.array())).hasMessageContaining("has no whole tag 256");
    }

    @Test
    void aTiffWhoseDirectoriesRunInACircleIsRead() throws Exception {
        byte[] file = ReferenceFiles.bytes("formats/rgb-lzw.tif");
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int directory = bytes.getInt(4);
        bytes.putInt(directory + 2 + 12 * bytes.getShort(directory), directory);

        assertThat(decoder.decode(file).width()).isEqualTo(33);
    }

    @Test
    void bigTiffIsAnUnsupportedFormat() {
        byte[] file = Arrays.copyOf(new byte[] {'I', 'I', 43, 0, 8, 0, 0, 0, 16}, 64);

        assertThat(refusalOf(file).reason()).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void aLosslessWebpThatOrdersTheSameTransformAgainAndAgainIsRefused(int transform) {
        byte[] file = WebpBomb.ofTransforms(512, transform, 20_000);

        assertThat(refusalOf(file)).hasMessageContaining("it asks for more");
    }

    @Test
    void aLosslessWebpOfCountlessTablesIsRefused() {
        assertThat(refusalOf(WebpBomb.ofTables(512, 65_536))).hasMessageContaining("more tables");
    }

    private RequestRejectedException refusalOf(byte[] file) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        RequestRejectedException refusal =
                catchThrowableOfType(RequestRejectedException.class, () -> decoder.decode(file));
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;

        assertThat(refusal).isNotNull();
        assertThat(refusal.stage()).isEqualTo(Stage.PREPROCESS);
        assertThat(bytes).isLessThan(MOST_BYTES);
        assertThat(Duration.ofNanos(nanos)).isLessThan(MOST_TIME);
        return refusal;
    }

    private static void setTag(ByteBuffer tiff, int tag, int value) {
        int directory = tiff.getInt(4);
        for (int i = 0; i < tiff.getShort(directory); i++) {
            int entry = directory + 2 + i * 12;
            if (Short.toUnsignedInt(tiff.getShort(entry)) == tag) {
                tiff.putShort(entry + 2, (short) 4).putInt(entry + 8, value);
                return;
            }
        }
        throw new IllegalArgumentException("no tag " + tag);
    }

    /** Writes lossless WebP bit by bit (RFC 9649, section 3). */
    private static final class WebpBomb {

        private final ByteBuffer bits = ByteBuffer.allocate(1 << 20);
        private long count;

        static byte[] ofTransforms(int side, int transform, int times) {
            WebpBomb bomb = new WebpBomb(side);
            for (int i = 0; i < times; i++) {
                bomb.put(1, 1).put(transform, 2);
                if (transform == 0) {
                    bomb.put(0, 3).put(0, 1).codes();
                } else if (transform == 3) {
                    bomb.put(255, 8).put(0, 1).codes();
                }
            }
            return bomb.put(0, 3).codes().file();
        }

        static byte[] ofTables(int side, int tables) {
            WebpBomb bomb = new WebpBomb(side).put(0, 2).put(1, 1).put(7, 3).put(0, 1);
            for (int symbol : new int[] {255, 255, 0, 0, 0}) {
                bomb.put(0b101, 3).put(symbol, 8);
            }
            for (int i = 0; i < tables; i++) {
                bomb.codes();
            }
            return bomb.file();
        }

        private WebpBomb(int side) {
            put(0x2F, 8).put(side - 1, 14).put(side - 1, 14).put(0, 4);
        }

        /** Five tables of the one symbol 0. */
        private WebpBomb codes() {
            for (int i = 0; i < 5; i++) {
                put(1, 4);
            }
            return this;
        }

        private WebpBomb put(int value, int length) {
            for (int i = 0; i < length; i++, count++) {
                int at = (int) (count >> 3);
                bits.put(at, (byte) (bits.get(at) | (value >> i & 1) << (count & 7)));
            }
            return this;
        }

        private byte[] file() {
            int length = (int) (count / 8 + 17) & ~1;
            ByteBuffer file = ByteBuffer.allocate(20 + length).order(ByteOrder.LITTLE_ENDIAN);
            file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + length);
            file.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(length);
            return file.put(bits.array(), 0, length).array();
        }
    }
}
