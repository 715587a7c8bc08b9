package io.sightmill.schema.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Reads Avro's binary encoding and believes no length: every length is compared with the bytes that
 * are left, and the items of all collections of one record together with a limit, before anything
 * is allocated.
 *
 * <p>Avro's own limits are system properties that are read once, by whichever library in the
 * process decodes first, and know nothing of the bytes left. Not thread-safe; made for one record.
 */
final class BoundedDecoder extends Decoder {

    private final ByteArrayInputStream bytes;
    private final BinaryDecoder decoder;
    private long itemsLeft;

    /** Reads the array from the offset to its end; allows so many collection items in all. */
    BoundedDecoder(byte[] array, int offset, long maxCollectionItems) {
        this.bytes = new ByteArrayInputStream(array, offset, array.length - offset);
        this.decoder = DecoderFactory.get().directBinaryDecoder(bytes, null);
        this.itemsLeft = maxCollectionItems;
    }

    /** How many bytes have not been read. */
    int remaining() {
        return bytes.available();
    }

    @Override
    public void readNull() {
        // A null takes no bytes.
    }

    @Override
    public boolean readBoolean() throws IOException {
        return decoder.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return decoder.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return decoder.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return decoder.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return decoder.readDouble();
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        return new Utf8(readRun());
    }

    @Override
    public String readString() throws IOException {
        return new String(readRun(), StandardCharsets.UTF_8);
    }

    @Override
    public void skipString() throws IOException {
        skipFixed(readLength());
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(readRun());
    }

    @Override
    public void skipBytes() throws IOException {
        skipFixed(readLength());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) throws IOException {
        decoder.readFixed(target, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        decoder.skipFixed(length);
    }

    @Override
    public int readEnum() throws IOException {
        return decoder.readEnum();
    }

    @Override
    public long readArrayStart() throws IOException {
        return readItemCount();
    }

    @Override
    public long arrayNext() throws IOException {
        return readItemCount();
    }

    @Override
    public long skipArray() throws IOException {
        return readItemCount();
    }

    @Override
    public long readMapStart() throws IOException {
        return readItemCount();
    }

    @Override
    public long mapNext() throws IOException {
        return readItemCount();
    }

    @Override
    public long skipMap() throws IOException {
        return readItemCount();
    }

    @Override
    public int readIndex() throws IOException {
        return decoder.readIndex();
    }

    private byte[] readRun() throws IOException {
        byte[] run = new byte[readLength()];
        decoder.readFixed(run);
        return run;
    }

    private int readLength() throws IOException {
        long length = decoder.readLong();
        if (length < 0 || length > remaining()) {
            throw new AvroRuntimeException(
                    "a length of " + length + " bytes where " + remaining() + " are left");
        }
        return (int) length;
    }

    /** A negative count is followed by the block's size in bytes, which nobody needs here. */
    private long readItemCount() throws IOException {
        long count = decoder.readLong();
        if (count < 0) {
            decoder.readLong();
            count = -count;
        }
        // An item takes at least one byte in every schema of ours. Long.MIN_VALUE stays negative.
        if (count < 0 || count > remaining() || count > itemsLeft) {
            throw new AvroRuntimeException(
                    "a collection of "
                            + count
                            + " items where "
                            + remaining()
                            + " bytes are left and "
                            + itemsLeft
                            + " items allowed");
        }
        itemsLeft -= count;
        return count;
    }
}
