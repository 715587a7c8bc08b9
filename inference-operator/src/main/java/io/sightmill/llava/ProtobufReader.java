package io.sightmill.llava;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Fields of a protobuf message, one after the other; never outside the bytes given, whatever they
 * say. For one thread.
 */
final class ProtobufReader {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;
    private static final int MOST_VARINT_BYTES = 10;

    private final ByteBuffer bytes;
    private int wireType;

    ProtobufReader(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean hasNext() {
        return bytes.hasRemaining();
    }

    /** The number of the next field, whose value is to be read or skipped before the next call. */
    int nextField() {
        long key = varint();
        wireType = (int) (key & 7);
        long number = key >>> 3;
        if (number < 1 || number > Integer.MAX_VALUE >>> 3) {
            throw broken("a field has number " + number);
        }
        return (int) number;
    }

    boolean flag() {
        return number() != 0;
    }

    long number() {
        require(VARINT);
        return varint();
    }

    float decimal() {
        require(FIXED_32);
        requireBytes(Float.BYTES);
        return bytes.getFloat();
    }

    String text() {
        return StandardCharsets.UTF_8.decode(slice()).toString();
    }

    ProtobufReader message() {
        return new ProtobufReader(slice());
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED_64 -> pass(Long.BYTES);
            case BYTES -> slice();
            case FIXED_32 -> pass(Integer.BYTES);
            default -> throw broken("a field has wire type " + wireType);
        }
    }

    /** The bytes of a text or message. */
    ByteBuffer slice() {
        require(BYTES);
        long length = varint();
        requireBytes(length);
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length);
        pass((int) length);
        return slice;
    }

    private long varint() {
        long value = 0;
        for (int index = 0; index < MOST_VARINT_BYTES; index++) {
            requireBytes(1);
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << 7 * index;
            if (next >= 0) {
                return value;
            }
        }
        throw broken("a number has more than " + MOST_VARINT_BYTES + " bytes");
    }

    private void pass(int count) {
        requireBytes(count);
        bytes.position(bytes.position() + count);
    }

    private void require(int wanted) {
        if (wireType != wanted) {
            throw broken("a field has wire type %d and not %d".formatted(wireType, wanted));
        }
    }

    private void requireBytes(long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw broken("it is cut short");
        }
    }

    private static IllegalArgumentException broken(String how) {
        return new IllegalArgumentException("no protobuf message: " + how);
    }
}
