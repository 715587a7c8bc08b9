package io.sightmill.llava;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/** A PNG file. */
final class PngFile implements ImageFile {

    private static final int HEADER = 0x49484452;
    private static final int END = 0x49454E44;
    private static final int EXIF = 0x65584966;
    private static final int CHUNK_FRAME = 12;

    private final byte[] file;
    private final ByteBuffer bytes;
    private Orientation orientation = Orientation.TOP_LEFT;

    PngFile(byte[] file) throws IOException {
        this.file = file;
        this.bytes = ByteBuffer.wrap(file);
        if (file.length < 33 || bytes.getInt(8) != 13 || bytes.getInt(12) != HEADER) {
            throw new IOException("does not begin with a header chunk");
        }
    }

    @Override
    public int width() {
        return bytes.getInt(16);
    }

    @Override
    public int height() {
        return bytes.getInt(20);
    }

    @Override
    public int bitsPerPixel() {
        int samples =
                switch (file[25]) {
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default -> 1;
                };
        return Math.max(1, file[24]) * samples;
    }

    @Override
    public Orientation orientation() {
        return orientation;
    }

    @Override
    public RgbRows decode(ImageReading reading) throws IOException {
        requireWhole();
        return new RasterRows(ImageFormat.PNG.read(file), reading.scalesDeepGrey());
    }

    /** Decoders paint the missing half of a cut file black and at most warn. */
    private void requireWhole() throws IOException {
        int at = 8;
        while (at + CHUNK_FRAME <= file.length) {
            int length = bytes.getInt(at);
            if (length < 0 || length > file.length - CHUNK_FRAME - at) {
                break;
            }
            int name = bytes.getInt(at + 4);
            boolean isCritical = (file[at + 4] & 0x20) == 0;
            if (isCritical && crc(at + 4, length + 4) != bytes.getInt(at + 8 + length)) {
                throw new IOException("has a wrong checksum in the chunk at byte " + at);
            }
            if (name == END) {
                return;
            }
            if (name == EXIF) {
                byte[] block = Arrays.copyOfRange(file, at + 8, at + 8 + length);
                orientation = TiffDirectory.orientationOf(block);
            }
            at += CHUNK_FRAME + length;
        }
        throw new IOException("ends before its end chunk, after " + file.length + " bytes");
    }

    private int crc(int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(file, offset, length);
        return (int) crc.getValue();
    }
}
