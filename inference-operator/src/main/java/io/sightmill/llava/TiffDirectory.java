package io.sightmill.llava;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The first directory of a TIFF file or of an Exif block (TIFF 6.0, section 2).
 *
 * <p>Read here and not by a metadata library, which takes in every entry of every directory: a
 * block of 64 KiB whose entries all point at the same bytes becomes hundreds of megabytes. Nothing
 * is copied here; a value is looked at when it is asked for.
 */
final class TiffDirectory {

    private static final int CLASSIC = 42;
    private static final int ENTRY_BYTES = 12;
    private static final int ORIENTATION = 274;
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    /**
     * One entry.
     *
     * @param at where its 12 bytes begin
     * @param valuesAt where its values begin
     */
    record Entry(int tag, int type, int count, int at, int valuesAt) {}

    private final ByteBuffer bytes;
    private final int at;
    private final List<Entry> entries = new ArrayList<>();

    private TiffDirectory(byte[] file) throws IOException {
        this.bytes = ByteBuffer.wrap(file);
        bytes.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (file[0] != file[1]
                || file[0] != 'I' && file[0] != 'M'
                || bytes.getShort(2) != CLASSIC) {
            throw new IOException("does not begin like a TIFF file");
        }
        this.at = bytes.getInt(4);
        if (at < 8 || at > file.length - 2) {
            throw new IOException("has its first directory at byte " + Integer.toUnsignedLong(at));
        }
        readEntries();
    }

    /**
     * @throws IOException in words that follow "the image" if there is none
     */
    static TiffDirectory first(byte[] file) throws IOException {
        if (file.length < 10) {
            throw new IOException("ends inside its header");
        }
        return new TiffDirectory(file);
    }

    /** The orientation an Exif block tells of; upright if it is broken, as metadata may be. */
    static Orientation orientationOf(byte[] exif) {
        try {
            boolean isPrefixed = exif.length > 6 && exif[0] == 'E' && exif[1] == 'x';
            return first(isPrefixed ? Arrays.copyOfRange(exif, 6, exif.length) : exif)
                    .orientation();
        } catch (IOException | IndexOutOfBoundsException | BufferUnderflowException e) {
            return Orientation.TOP_LEFT;
        }
    }

    Orientation orientation() throws IOException {
        return Orientation.of((int) Math.min(number(ORIENTATION, 1), Integer.MAX_VALUE));
    }

    /** The first entry with this tag. */
    Optional<Entry> entry(int tag) {
        return entries.stream().filter(entry -> entry.tag() == tag).findFirst();
    }

    /** The first number of an entry, or this one if there is no such entry. */
    long number(int tag, long otherwise) throws IOException {
        Optional<Entry> entry = entry(tag);
        return entry.isEmpty() ? otherwise : number(entry.get(), 0);
    }

    /** One of an entry's whole numbers. */
    long number(Entry entry, int index) throws IOException {
        if (index >= entry.count()) {
            throw new IOException(
                    "has %d values in tag %d, too few".formatted(entry.count(), entry.tag()));
        }
        return switch (entry.type()) {
            case BYTE -> bytes.get(entry.valuesAt() + index) & 0xFF;
            case SHORT -> Short.toUnsignedLong(bytes.getShort(entry.valuesAt() + index * 2));
            case LONG -> Integer.toUnsignedLong(bytes.getInt(entry.valuesAt() + index * 4));
            default ->
                    throw new IOException(
                            "has values of type %d in tag %d, which are no whole numbers"
                                    .formatted(entry.type(), entry.tag()));
        };
    }

    /** The file with a first directory of these entries alone, and no other directory. */
    byte[] with(List<Entry> kept) {
        int end = at + 2 + kept.size() * ENTRY_BYTES + 4;
        byte[] file = Arrays.copyOf(bytes.array(), Math.max(bytes.capacity(), end));
        ByteBuffer changed = ByteBuffer.wrap(file).order(bytes.order());
        changed.position(at);
        changed.putShort((short) kept.size());
        for (Entry entry : kept) {
            changed.put(bytes.array(), entry.at(), ENTRY_BYTES);
        }
        changed.putInt(0);
        return file;
    }

    private void readEntries() {
        int count = Short.toUnsignedInt(bytes.getShort(at));
        for (int i = 0; i < count; i++) {
            int entryAt = at + 2 + i * ENTRY_BYTES;
            if (entryAt > bytes.capacity() - ENTRY_BYTES) {
                return;
            }
            int type = Short.toUnsignedInt(bytes.getShort(entryAt + 2));
            long values = Integer.toUnsignedLong(bytes.getInt(entryAt + 4));
            if (type == 0 || type >= TYPE_BYTES.length) {
                continue;
            }
            long length = values * TYPE_BYTES[type];
            long valuesAt =
                    length <= 4 ? entryAt + 8 : Integer.toUnsignedLong(bytes.getInt(entryAt + 8));
            if (values > 0 && valuesAt + length <= bytes.capacity()) {
                int tag = Short.toUnsignedInt(bytes.getShort(entryAt));
                entries.add(new Entry(tag, type, (int) values, entryAt, (int) valuesAt));
            }
        }
    }
}
