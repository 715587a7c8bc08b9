package io.sightmill.llava;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A BMP file. */
final class BmpFile implements ImageFile {

    private static final int OLDEST_HEADER = 12;

    private final byte[] file;
    private final int width;
    private final int height;
    private final int bitsPerPixel;

    BmpFile(byte[] file) throws IOException {
        if (file.length < 30) {
            throw new IOException("ends inside its header");
        }
        this.file = file;
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        boolean isOldest = header.getInt(14) == OLDEST_HEADER;
        this.width = isOldest ? header.getShort(18) : header.getInt(18);
        // A negative height says that the first row is the upper one.
        this.height = Math.abs(isOldest ? header.getShort(20) : header.getInt(22));
        this.bitsPerPixel = Short.toUnsignedInt(header.getShort(isOldest ? 24 : 28));
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int bitsPerPixel() {
        return Math.max(1, bitsPerPixel);
    }

    @Override
    public RgbRows decode(ImageReading reading) throws IOException {
        return new RasterRows(ImageFormat.BMP.read(file));
    }
}
