package io.sightmill.llava;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory for a decoder. Java's own such stream copies it into blocks and reads byte by
 * byte; decoders of WebP, which refill their bits so, take several times as long with it.
 */
class BytesInput extends ImageInputStreamImpl {

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] file;

    BytesInput(byte[] file) {
        this.file = file;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos < file.length ? file[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        bitOffset = 0;
        if (length > 0 && streamPos >= file.length) {
            return -1;
        }
        int count = (int) Math.min(length, file.length - streamPos);
        System.arraycopy(file, (int) streamPos, target, offset, Math.max(count, 0));
        streamPos += Math.max(count, 0);
        return count;
    }

    @Override
    public byte readByte() throws IOException {
        if (streamPos >= file.length) {
            throw new EOFException();
        }
        bitOffset = 0;
        return file[(int) streamPos++];
    }

    @Override
    public long readLong() throws IOException {
        if (streamPos > file.length - Long.BYTES) {
            throw new EOFException();
        }
        bitOffset = 0;
        long value = (long) LITTLE_ENDIAN.get(file, (int) streamPos);
        streamPos += Long.BYTES;
        return byteOrder == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value);
    }
}
