package io.sightmill.llava;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A WebP file; an animation's first frame.
 *
 * <p>The decoder is given the pixels' chunk in a container of its own: profiles, metadata and a
 * separate alpha channel, which would be dropped, are not looked at.
 */
final class WebpFile implements ImageFile {

    private static final int LOSSY = fourLetters("VP8 ");
    private static final int LOSSLESS = fourLetters("VP8L");
    private static final int EXTENDED = fourLetters("VP8X");
    private static final int FRAME = fourLetters("ANMF");
    private static final int EXIF = fourLetters("EXIF");
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FRAME_HEADER = 16;
    private static final int SIDE = 0x3FFF;

    /** In the first bits of a lossless chunk, behind its signature and both sides. */
    private static final int ALPHA_IS_USED = 1 << 28;

    private final byte[] file;
    private final LossyWebp lossy;
    private final ByteBuffer bytes;
    private int canvasWidth;
    private int canvasHeight;
    private int left;
    private int top;
    private int pixels = -1;
    private Orientation orientation = Orientation.TOP_LEFT;

    WebpFile(byte[] file) throws IOException {
        this(file, LossyWebp.shared());
    }

    WebpFile(byte[] file, LossyWebp lossy) throws IOException {
        this.file = file;
        this.lossy = lossy;
        this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long stated = 8 + Integer.toUnsignedLong(bytes.getInt(4));
        if (stated > file.length) {
            throw new IOException("states %d bytes and has %d".formatted(stated, file.length));
        }
        walk(RIFF_HEADER, (int) stated);
        if (pixels < 0) {
            throw new IOException("has no pixels");
        }
        requireFrame();
    }

    @Override
    public int width() {
        return canvasWidth;
    }

    @Override
    public int height() {
        return canvasHeight;
    }

    @Override
    public int bitsPerPixel() {
        return 32;
    }

    @Override
    public Orientation orientation() {
        return orientation;
    }

    @Override
    public RgbRows decode(ImageReading reading) throws IOException {
        byte[] alone = alone();
        BufferedImage image =
                isLossless()
                        ? LosslessWebp.read(alone, frameWidth(), frameHeight())
                        : lossy.read(alone);
        RgbRows rows = new RasterRows(image);
        boolean isWhole = frameWidth() == canvasWidth && frameHeight() == canvasHeight;
        return isWhole ? rows : new CanvasRows(rows, left, top, canvasWidth, canvasHeight, 0);
    }

    private void walk(int from, int end) throws IOException {
        long at = from;
        while (at + CHUNK_HEADER <= end) {
            int chunk = (int) at;
            int name = bytes.getInt(chunk);
            long length = Integer.toUnsignedLong(bytes.getInt(chunk + 4));
            if (length > end - at - CHUNK_HEADER) {
                throw new IOException("has a chunk at byte %d that ends outside".formatted(at));
            }
            chunk(name, chunk + CHUNK_HEADER, (int) length);
            at += CHUNK_HEADER + length + (length & 1);
        }
    }

    private void chunk(int name, int at, int length) throws IOException {
        if (name == EXTENDED && length >= 10) {
            canvasWidth = 1 + threeBytes(at + 4);
            canvasHeight = 1 + threeBytes(at + 7);
        } else if (name == FRAME && length >= FRAME_HEADER && pixels < 0) {
            left = 2 * threeBytes(at);
            top = 2 * threeBytes(at + 3);
            walk(at + FRAME_HEADER, at + length);
        } else if ((name == LOSSY || name == LOSSLESS) && pixels < 0) {
            if (length < 10) {
                throw new IOException("has %d bytes of pixels".formatted(length));
            }
            pixels = at - CHUNK_HEADER;
        } else if (name == EXIF) {
            orientation = TiffDirectory.orientationOf(Arrays.copyOfRange(file, at, at + length));
        }
    }

    /** A frame larger than the canvas would be decoded at a size that nobody has checked. */
    private void requireFrame() throws IOException {
        if (canvasWidth == 0) {
            canvasWidth = frameWidth();
            canvasHeight = frameHeight();
        }
        if ((long) left + frameWidth() > canvasWidth || (long) top + frameHeight() > canvasHeight) {
            throw new IOException(
                    "has a frame of %d x %d pixels on a canvas of %d x %d"
                            .formatted(frameWidth(), frameHeight(), canvasWidth, canvasHeight));
        }
    }

    private boolean isLossless() {
        return bytes.getInt(pixels) == LOSSLESS;
    }

    private int frameWidth() {
        return isLossless()
                ? 1 + (bytes.getInt(pixels + 9) & SIDE)
                : bytes.getShort(pixels + 14) & SIDE;
    }

    private int frameHeight() {
        return isLossless()
                ? 1 + (bytes.getInt(pixels + 9) >> 14 & SIDE)
                : bytes.getShort(pixels + 16) & SIDE;
    }

    private byte[] alone() {
        int length = bytes.getInt(pixels + 4);
        int padded = CHUNK_HEADER + length + (length & 1);
        // The bit reader looks some bytes ahead.
        ByteBuffer alone =
                ByteBuffer.allocate(RIFF_HEADER + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
        alone.putInt(fourLetters("RIFF")).putInt(4 + padded).putInt(fourLetters("WEBP"));
        alone.put(file, pixels, CHUNK_HEADER + length);
        if (isLossless()) {
            // With four samples a pixel the decoder's colour cache sees the alpha it has to.
            int sides = RIFF_HEADER + CHUNK_HEADER + 1;
            alone.putInt(sides, alone.getInt(sides) | ALPHA_IS_USED);
        }
        return alone.array();
    }

    private int threeBytes(int at) {
        return Short.toUnsignedInt(bytes.getShort(at)) | (file[at + 2] & 0xFF) << 16;
    }

    private static int fourLetters(String name) {
        return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
    }
}
